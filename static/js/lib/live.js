// Follows an event: a stream says that something changed, the document's ETag says whether it really did. Where the
// stream cannot be had, the document is asked once a minute while the page is looked at.
import { followStream } from "./stream.js";

const POLL = 60_000;
const CALM = 1_000; // changes come in bursts: one look is enough
const OTHERS = ["seats", "door"]; // what changes without the document: RSVPs come in by the hundred

export class LiveDocument {
  /** @param address of the document, @param stream of its event, @param etag of what the page shows */
  constructor(address, stream, etag, onChange) {
    Object.assign(this, { address, stream, etag, onChange, isStreaming: false, soon: 0 });
  }

  start() {
    this.#listen();
    setInterval(() => {
      if (!this.isStreaming && !document.hidden) this.look();
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
      this.soon = setTimeout(() => this.look(), CALM);
    };
    followStream(this.stream, { onMessage, onState });
  }

  /** Ask for the document; unchanged costs a few bytes. */
  async look() {
    try {
      const response = await fetch(this.address, { headers: { "If-None-Match": this.etag }, cache: "no-store" });
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
