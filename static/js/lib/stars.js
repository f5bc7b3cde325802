// Stars: what the reader marked, kept on this device, one list an event.

export class Stars {
  constructor(event) {
    this.key = `lectern.stars.${event}`;
    this.ids = new Set(this.#read());
  }

  #read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  has(id) {
    return this.ids.has(id);
  }

  toggle(id) {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.#keep();
  }

  /** These instead of what there was. */
  replace(ids) {
    this.ids = new Set(ids);
    this.#keep();
  }

  #keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify([...this.ids]));
    } catch {
      // Storage may be switched off: the stars then last as long as the page.
    }
  }

  /** Show the stars below `root`; `onChange` runs after each press, also one in another tab. */
  setUp(root, onChange) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-star]");
      if (!button) return;
      this.toggle(button.dataset.star);
      this.show(root);
      onChange();
    });
    window.addEventListener("storage", (event) => {
      if (event.key !== this.key) return;
      this.ids = new Set(this.#read());
      this.show(root);
      onChange();
    });
  }

  show(root) {
    for (const button of root.querySelectorAll("[data-star]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(this.has(button.dataset.star)));
    }
  }
}
