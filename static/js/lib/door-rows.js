// The list of guests: drawn from the phone's own list, filtered as the host types, changed row by row.
import { isExpected } from "./door-codes.js";
import { clockTime, metaOf, nameOf } from "./door-result.js";
import { say } from "./words.js";

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function standingOf(person) {
  if (isExpected(person)) return "";
  const isGone = person.state === "cancelled" || person.state === "declined";
  return say(person.place === "online" && !isGone ? "state.online" : `state.${person.state}`);
}

/** Those whose names hold all the words; without words those with a seat. `show` is "in", "out" or "". */
export function matching(people, text, show) {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const among = words.length ? people : people.filter(isExpected);
  const found = among.filter((person) => words.every((word) => folded(person.name).includes(word)));
  return found.filter((person) => !show || (person.state === "checked_in") === (show === "in"));
}

export class Rows {
  constructor(list, template, zone) {
    Object.assign(this, { list, template, zone, rows: new Map() });
  }

  /** Draw these people in this order; `text` is marked in their names. */
  draw(people, text) {
    let letter = "";
    const wanted = people.map((person) => {
      const first = [...nameOf(person)][0].toUpperCase();
      const row = this.#row(person, first === letter ? "" : first, text.trim());
      letter = first;
      return row;
    });
    const isSame = wanted.length === this.list.children.length && wanted.every((row, n) => this.list.children[n] === row);
    if (isSame) return;
    const focused = document.activeElement;
    this.list.replaceChildren(...wanted);
    if (this.list.contains(focused)) focused.focus();
  }

  #row(person, letter, text) {
    const looks = JSON.stringify([person, letter, text]);
    const known = this.rows.get(person.id);
    if (known?.looks === looks) return known.row;
    const row = known?.row ?? this.template.content.firstElementChild.cloneNode(true);
    this.#fill(row, person, letter, text);
    this.rows.set(person.id, { row, looks });
    return row;
  }

  #fill(row, person, letter, text) {
    const part = (name) => row.querySelector(`[data-${name}]`);
    const isIn = person.state === "checked_in";
    const standing = standingOf(person);
    row.dataset.id = person.id;
    part("letter").textContent = letter;
    part("name").replaceChildren(...marked(nameOf(person), text));
    part("meta").textContent = metaOf(person);
    part("meta").hidden = !part("meta").textContent;
    part("in-text").textContent = isIn && person.in_at ? say("in", { time: clockTime(person.in_at, this.zone) }) : "";
    part("standing").textContent = standing;
    const isFocused = row.contains(document.activeElement);
    for (const [name, isShown] of Object.entries({
      in: isIn,
      undo: isIn,
      standing: !isIn && standing,
      "let-in": !isIn && standing,
      "check-in": !isIn && !standing,
    })) {
      part(name).hidden = !isShown;
    }
    for (const button of row.querySelectorAll("button")) {
      button.value = person.id;
      button.querySelector(".vh").textContent = ` ${nameOf(person)}`;
    }
    if (isFocused && document.activeElement.hidden) this.#stayAt(row);
  }

  /** The pressed button is gone; a second press of the key must not press another one. */
  #stayAt(row) {
    row.tabIndex = -1;
    row.focus();
  }
}

/** The name with the typed letters marked, where they stand as typed. */
function marked(name, text) {
  const at = text ? name.toLowerCase().indexOf(text.toLowerCase()) : -1;
  if (at < 0 || name.toLowerCase().length !== name.length) return [name];
  const mark = document.createElement("mark");
  mark.textContent = name.slice(at, at + text.length);
  return [name.slice(0, at), mark, name.slice(at + text.length)];
}
