// What a scan means, as registrations/services/door.py says it, for phones without network. Pure: values in, values out.

const SHORTEST = 8;
const LOOKALIKES = { 0: "O", 1: "I", 8: "B" };
const SEATED = ["going", "checked_in", "no_show"];
const GONE = ["cancelled", "declined"];

/** The letters and digits of a ticket, out of its address, with dashes, small letters and wrong digits forgiven. */
export function codeIn(text) {
  const code = text.slice(0, 300).split("/tickets/").pop().split("/")[0].toUpperCase();
  return code.replace(/[018]/g, (digit) => LOOKALIKES[digit]).replace(/[^A-Z0-9]/g, "");
}

/** Whether so much of a code can name somebody. */
export function isLongEnough(code) {
  return code.length >= SHORTEST;
}

/** The person whose ticket begins so. */
export function personWithCode(people, code) {
  const beginning = code.slice(0, SHORTEST);
  return isLongEnough(code) ? people.find((person) => person.code === beginning) : undefined;
}

/** Whether a seat in the room is theirs. */
export function isExpected(person) {
  return person.place === "room" && SEATED.includes(person.state);
}

/** Heads: everybody with the guests they bring. */
export function heads(people) {
  return people.reduce((sum, person) => sum + 1 + person.guests, 0);
}

/** The result of an act for a person in this state; "unsure" for a code that is not on the list. */
export function judge(person, action) {
  if (!person) return "unsure";
  const isIn = person.state === "checked_in";
  if (action === "undo") return isIn ? "undone" : "not_in";
  if (isIn) return "already_in";
  if (GONE.includes(person.state)) return "cancelled";
  return isExpected(person) ? "checked_in" : "not_going";
}

/** The person after an act that changes something. */
export function after(person, act, at) {
  if (act.action === "in") return { ...person, state: "checked_in", in_at: at, in_door: act.door ?? "", in_by: "" };
  return { ...person, state: person.is_walk_in ? "cancelled" : "going", in_at: null, in_door: "", in_by: "" };
}
