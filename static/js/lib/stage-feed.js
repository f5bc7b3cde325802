// Follows the stage of one round: the stream brings each new document, asking for it is the fallback, and what came
// last is what counts until something newer comes. Without network the page goes on counting from it.
import { ServerClock } from "./stage-clock.js";

const WITH_STREAM = 30_000;
const WITHOUT_STREAM = 5_000;
const REOPEN = 3_000;
const SPREAD = 1_000; // a full hall must not ask in the same instant

function spread(delay) {
  return delay * (0.9 + Math.random() * 0.2);
}

export class StageFeed {
  #source = null;
  #poll = 0;
  #soon = 0;
  #reopen = 0;
  #etag = "";

  /** @param stage the document the page was drawn from, @param address where it is asked for, @param stream of its
   * event; `onStage(document)` is called for each that is newer, `onLink("stream" | "polling" | "offline")` when the way
   * it comes changes, `onSchedule()` when the programme around it did. */
  constructor({ stage, address, stream, onStage, onLink = () => {}, onSchedule = () => {} }) {
    Object.assign(this, { stage, address, stream, onStage, onLink, onSchedule, link: "" });
    this.clock = new ServerClock();
  }

  start() {
    this.#listen();
    this.look();
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.wake();
    });
    window.addEventListener("online", () => this.wake());
    window.addEventListener("offline", () => this.#setLink("offline"));
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.wake();
    });
  }

  /** After sleep or a lost network: ask at once, and do not wait for the stream to notice. */
  wake() {
    if (!this.#isStreaming) this.#listen();
    this.look();
  }

  get #isStreaming() {
    return this.#source?.readyState === EventSource.OPEN;
  }

  #listen() {
    clearTimeout(this.#reopen);
    this.#source?.close();
    const source = new EventSource(this.stream);
    this.#source = source;
    source.addEventListener("open", () => this.#setLink("stream"));
    source.addEventListener("message", (message) => this.#hear(message));
    source.addEventListener("error", () => {
      // Only when it is lost: it fails again every few seconds, and must not put off the next question each time
      if (this.link === "stream") {
        this.#setLink(navigator.onLine ? "polling" : "offline");
        this.#waitToLook();
      }
      // It tries again by itself after a lost connection, and gives up after an answer that is no stream (503, 404)
      if (source.readyState === EventSource.CLOSED && source === this.#source) {
        this.#reopen = setTimeout(() => this.#listen(), spread(REOPEN));
      }
    });
  }

  #hear(message) {
    this.clock.noteMessage(message.lastEventId);
    const said = JSON.parse(message.data);
    if (said.type === "stage" && said.block === this.stage.block) this.#take(said.stage);
    if (said.type !== "schedule") return;
    this.#soon ||= setTimeout(() => {
      this.#soon = 0;
      this.look();
      this.onSchedule();
    }, Math.random() * SPREAD);
  }

  /** A streamed document. After a gap the last one comes again: of the same version, but perhaps of an older line-up. */
  #take(stage) {
    if (stage.version > this.stage.version) this.show(stage);
    else if (stage.version === this.stage.version && JSON.stringify(stage) !== JSON.stringify(this.stage)) this.look();
  }

  /** Show what the server said in answer to a question of ours, unless something newer is shown already. */
  show(stage) {
    if (stage.version < this.stage.version) return;
    this.stage = stage;
    this.onStage(stage);
  }

  /** Ask for the document; unchanged costs a few bytes. */
  async look() {
    const known = this.stage.version;
    const sent = Date.now();
    try {
      const headers = this.#etag ? { "If-None-Match": this.#etag } : {};
      const answer = await fetch(this.address, { headers, cache: "no-store", credentials: "omit" });
      if (!answer.headers.has("Age")) this.clock.noteAnswer(answer.headers.get("Date"), sent);
      if (answer.status >= 500) throw new Error(answer.statusText);
      if (answer.ok) await this.#read(answer, known);
      this.#setLink(this.#isStreaming ? "stream" : "polling");
    } catch {
      // No network, or no site: what is shown goes on counting
      if (!this.#isStreaming || !navigator.onLine) this.#setLink("offline");
    }
    this.#waitToLook();
  }

  async #read(answer, known) {
    const stage = await answer.json();
    this.#etag = answer.headers.get("ETag") ?? "";
    // News the stream should have brought: its connection may be dead without knowing it
    if (this.#isStreaming && stage.version > this.stage.version && this.stage.version === known) this.#listen();
    if (JSON.stringify(stage) !== JSON.stringify(this.stage)) this.show(stage);
  }

  #waitToLook() {
    clearTimeout(this.#poll);
    const wait = spread(this.#isStreaming ? WITH_STREAM : WITHOUT_STREAM);
    this.#poll = setTimeout(() => (document.hidden ? this.#waitToLook() : this.look()), wait);
  }

  #setLink(link) {
    if (link === this.link) return;
    this.link = link;
    this.onLink(link);
  }
}
