// What somebody typed into a form, kept on their device until it has arrived.

const NAMES = ["name", "title", "link", "notes", "email", "key"];
const PREFIX = "lectern.proposal:";

function fieldsOf(form) {
  return NAMES.map((name) => form.elements[name]).filter(Boolean);
}

export class Draft {
  constructor(path) {
    this.key = PREFIX + path;
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      return {}; // refused by the browser's settings, or not ours
    }
  }

  keep(form) {
    const kept = this.read();
    for (const field of fieldsOf(form)) kept[field.name] = field.value;
    const first = form.elements.is_first_talk;
    if (first?.type === "checkbox") kept.first = first.checked;
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // Nothing can be kept here: the form itself still holds it.
    }
  }

  /** Fill in what was kept, where nothing stands yet. The key comes along with the title: it is the same talk. */
  restore(form) {
    const kept = this.read();
    const shown = fieldsOf(form).filter((field) => field.type !== "hidden");
    if (shown.some((field) => field.value)) return;
    for (const field of shown) field.value = kept[field.name] ?? "";
    if (!shown.includes(form.elements.title) || !kept.title) return;
    form.elements.key.value = kept.key || form.elements.key.value;
    form.elements.is_first_talk.checked = Boolean(kept.first);
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }
}
