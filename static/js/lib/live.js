// Follows an event: a stream says that something changed, the document's ETag says whether it really did. Where the
// stream cannot be had, the document is asked once a minute while the page is looked at.
import { followStream } from "./stream.js";

const POLL = 60_000;
const CALM = 1_000; // changes come in bursts: one look is enough
const SPREAD = 2_000; // a full hall hears of a change at once, and asks one after the other
const OTHERS = ["seats", "door", "stage"]; // what says nothing of the document, or is followed by "schedule"

export class LiveDocument {
  /** @param address of the document, @param stream of its event, @param etag of what the page shows */
  constructor(address, stream, etag, onChange) {
    Object.assign(this, { address, stream, etag, onChange, isStreaming: false, soon: 0 });
  }

  start() {
    this.#listen();
    setInterval(() => {
      if (!this.isStreaming) this.#lookUnlessHidden();
    }, POLL);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.look();
    });
    window.addEventListener("online", () => this.look());
  }

  #listen() {
    const onState = (isOpen) => {
      this.isStreaming = isOpen;
    };
    const onMessage = (said) => {
      if (OTHERS.includes(said.type)) return;
      clearTimeout(this.soon);
      this.soon = setTimeout(() => this.#lookUnlessHidden(), CALM + SPREAD * Math.random());
    };
    followStream(this.stream, { onMessage, onState });
  }

  /** Who comes back to the page looks then. */
  #lookUnlessHidden() {
    if (!document.hidden) this.look();
  }

  /** Ask for the document's tag, not for its text: the page itself has all of it. */
  async look() {
    try {
      const headers = { "If-None-Match": this.etag };
      const response = await fetch(this.address, { method: "HEAD", headers, cache: "no-store" });
      if (response.status !== 200) return;
      const etag = response.headers.get("ETag");
      if (etag === this.etag) return;
      this.etag = etag;
      await this.onChange();
    } catch {
      // No network: the page shows what it has, and looks again later.
    }
  }
}
