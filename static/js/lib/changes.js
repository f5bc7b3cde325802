// “Changed” badges: what differs from the programme this device saw last.
import { readItems } from "./programme.js";
import { say } from "./words.js";

function versions(programme) {
  const items = readItems(programme).flatMap((item) => [item, ...item.slots]);
  return Object.fromEntries(items.filter((item) => item.id && !item.isOpen).map((item) => [item.id, item.version]));
}

export class Changes {
  constructor(event) {
    this.key = `lectern.seen.${event}`;
    this.seen = this.#read();
    this.changed = new Set();
  }

  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  /** Mark what is new or differs from what was seen, and remember what is seen now. */
  show(programme) {
    const current = versions(programme);
    if (this.seen) {
      for (const [id, version] of Object.entries(current)) {
        if (this.seen[id] !== version) this.changed.add(id);
      }
    }
    this.seen = current;
    try {
      localStorage.setItem(this.key, JSON.stringify(current));
    } catch {
      // Storage may be switched off: then only changes while the page is open are shown.
    }
    this.#badges(programme);
    return this.changed.size;
  }

  #badges(programme) {
    for (const id of this.changed) {
      const place = programme.querySelector(`[data-item="${CSS.escape(id)}"] [data-badges]`);
      if (!place || place.querySelector("[data-changed]")) continue;
      const badge = document.createElement("span");
      badge.className = "tag tag--strong";
      badge.dataset.changed = "";
      badge.textContent = say("changed");
      place.append(badge);
    }
  }
}
