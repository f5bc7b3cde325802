// Filters of the schedule: everything is in the page already; they only hide. The choice stands in the address.
import { fold, readItems, searchText } from "./programme.js";
import { say, sayCount } from "./words.js";

const LISTS = ["kind", "topic", "level", "room", "language"];

export class Filters {
  constructor(form, programme, stars) {
    this.form = form;
    this.programme = programme;
    this.stars = stars;
    this.status = form.querySelector("[role=status]");
    this.toggle = form.querySelector("[data-filter-toggle]");
  }

  setUp() {
    this.form.hidden = false;
    this.#readAddress();
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => this.apply());
    this.toggle.addEventListener("click", () => this.#open(!this.form.classList.contains("is-open")));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    this.apply();
  }

  #open(open) {
    this.form.classList.toggle("is-open", open);
    this.toggle.setAttribute("aria-expanded", String(open));
  }

  #onKey(event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    event.preventDefault();
    this.#open(true);
    this.form.elements.q.focus();
  }

  #readAddress() {
    const address = new URLSearchParams(location.search);
    for (const field of this.form.elements) {
      if (!field.name || !address.has(field.name)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = address.getAll(field.name).includes(field.value);
      else field.value = address.get(field.name);
    }
  }

  #writeAddress() {
    const address = new URLSearchParams([...new FormData(this.form)].filter(([name, value]) => value && value !== "all"));
    const query = address.toString();
    history.replaceState(null, "", location.pathname + (query ? `?${query}` : "") + location.hash);
  }

  get wanted() {
    const data = new FormData(this.form);
    const wanted = { mine: data.get("view") === "mine", text: fold(data.get("q") ?? "") };
    for (const name of LISTS) wanted[name] = data.getAll(name).filter(Boolean);
    return wanted;
  }

  apply() {
    const wanted = this.wanted;
    let shown = 0;
    for (const item of readItems(this.programme)) shown += item.isStrip ? this.#applyToRound(item, wanted) : this.#applyToSession(item, wanted);
    for (const band of this.programme.querySelectorAll(".band")) {
      band.hidden = !band.querySelector(".session:not([hidden]), .strip:not([hidden])");
    }
    this.#report(wanted, shown);
    this.#writeAddress();
  }

  #applyToSession(item, wanted) {
    const rests = item.isRest && wanted.mine && !wanted.text && LISTS.every((name) => !wanted[name].length);
    const mine = !wanted.mine || this.stars.has(item.id);
    const fits = (rests || mine) && matchesLists(item, wanted) && matchesText(item, wanted);
    item.element.hidden = !fits;
    return fits && !rests ? 1 : 0;
  }

  /** A round shows the slots that fit; by room, level and kind it is one item. */
  #applyToRound(round, wanted) {
    const whole = matchesLists(round, { ...wanted, topic: [], language: [] });
    let count = 0;
    for (const slot of round.slots) {
      const fits = whole && this.#slotFits(slot, round, wanted);
      slot.element.hidden = !fits;
      if (fits) count += 1;
    }
    round.element.hidden = !count && !(whole && !round.slots.length && !wanted.mine && matchesText(round, wanted));
    const list = round.element.querySelector(".strip__list");
    list?.style.setProperty("--rows2", Math.ceil(count / 2));
    list?.style.setProperty("--rows3", Math.ceil(count / 3));
    return round.element.hidden ? 0 : Math.max(count, 1);
  }

  #slotFits(slot, round, wanted) {
    if (wanted.mine && !this.stars.has(slot.id)) return false;
    if (wanted.topic.length && !wanted.topic.some((topic) => slot.topics.includes(topic) || round.topics.includes(topic))) return false;
    if (wanted.language.length && !wanted.language.includes(slot.language || round.language)) return false;
    return matchesText(slot, wanted);
  }

  #report(wanted, shown) {
    const on = LISTS.reduce((sum, name) => sum + wanted[name].length, 0) + (wanted.text ? 1 : 0);
    this.toggle.querySelector("[data-label]").textContent = on ? say("filtersOn", { count: on }) : say("filter");
    const mineCount = this.form.querySelector("[data-mine-count]");
    if (mineCount) mineCount.textContent = String(this.programme.querySelectorAll('[data-star][aria-pressed="true"]').length);
    if (!on && !wanted.mine) {
      this.status.textContent = "";
      return;
    }
    const clear = document.createElement("button");
    clear.type = "button";
    clear.className = "text-btn";
    clear.textContent = say("clearFilters");
    clear.addEventListener("click", () => {
      this.clear();
      this.form.elements.q.focus();
    });
    const words = shown ? sayCount("shown", shown) : say(wanted.mine && !on ? "noStars" : "nothingFits");
    this.status.replaceChildren(words, " ", clear);
  }

  clear() {
    for (const field of this.form.elements) {
      if (field.type === "checkbox") field.checked = false;
      else if (field.type === "radio") field.checked = field.value === "all";
      else if (field.name) field.value = "";
    }
    this.apply();
  }
}

function matchesLists(item, wanted) {
  return LISTS.every((name) => {
    const values = wanted[name];
    if (!values.length) return true;
    if (name === "topic") return values.some((topic) => item.topics.includes(topic));
    return values.includes(item[name]) || (name === "room" && !item.room);
  });
}

function matchesText(item, wanted) {
  if (!wanted.text) return true;
  const text = searchText(item);
  return wanted.text.split(" ").every((word) => text.includes(word));
}
