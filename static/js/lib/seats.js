// The RSVP card follows its event: a stream says that seats were taken or given back, the card is then fetched as the
// server draws it. Where the stream cannot be had, the card is asked for once a minute while the page is looked at.
import { followStream } from "./stream.js";
import { showTimes } from "./zone.js";

const POLL = 60_000;
const SPREAD = 2_000; // a full hall has this page open: they must not all ask in the same instant
const LONGEST_TIMER = 2 ** 31 - 1;

function wordsOf(element) {
  return element.textContent.replace(/\s+/g, " ");
}

export class SeatsCard {
  /** @param card the part of the page that shows the seats, @param dock the same for thumbs, @param zone the event's */
  constructor(card, dock, zone) {
    Object.assign(this, { card, dock, zone, isStreaming: false, soon: 0, later: 0 });
  }

  start() {
    this.#listen();
    this.#waitForTheClock();
    setInterval(() => {
      if (!this.isStreaming && !document.hidden) this.look();
    }, POLL);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.look();
    });
    window.addEventListener("online", () => this.look());
    // The page a browser kept for its Back button shows what was true when it was left
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.look();
    });
  }

  #listen() {
    const onState = (isOpen) => {
      this.isStreaming = isOpen;
    };
    const onMessage = (said) => said.type === "seats" && this.lookSoon();
    followStream(this.card.dataset.stream, { onMessage, onState });
  }

  /** Once for many changes, and each browser at an instant of its own. */
  lookSoon() {
    this.soon ||= setTimeout(() => {
      this.soon = 0;
      this.look();
    }, Math.random() * SPREAD);
  }

  /** RSVP opens, closes, the event begins: nothing changes in the database then, so nobody tells us. */
  #waitForTheClock() {
    clearTimeout(this.later);
    const wait = Date.parse(this.card.dataset.changesAt) - Date.now();
    if (wait > 0 && wait < LONGEST_TIMER) this.later = setTimeout(() => this.lookSoon(), wait + 500);
  }

  async look() {
    try {
      const response = await fetch(this.card.dataset.places, { headers: { Accept: "text/html" }, cache: "no-cache" });
      if (response.ok) this.#show(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      // No network: the page shows what it has, and looks again later.
    }
  }

  #show(fresh) {
    const card = fresh.getElementById("rsvp-live");
    if (!card) return;
    if (wordsOf(card) !== wordsOf(this.card)) {
      this.#replace(this.card, card);
      if (this.dock) {
        this.#replace(this.dock, fresh.getElementById("rsvp-dock"));
        if (this.zone) showTimes(this.dock, this.zone);
      }
    }
    this.card.dataset.changesAt = card.dataset.changesAt ?? "";
    this.#waitForTheClock();
  }

  #replace(old, fresh) {
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceChildren(...fresh.childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
}
