// Two starred things at the same time: say so on each of them.
import { overlap, readItems } from "./programme.js";
import { sayCount } from "./words.js";

/** Show or take away the warnings, for the stars as they are now. */
export function showClashes(programme, stars) {
  for (const old of programme.querySelectorAll("[data-clash]")) old.remove();
  const items = readItems(programme).flatMap((item) => (item.slots.length ? item.slots : [item]));
  const chosen = items.filter((item) => stars.has(item.id) && !item.isCancelled);
  for (const item of chosen) {
    const others = chosen.filter((other) => other !== item && overlap(item, other)).length;
    const place = item.element.querySelector(".session__body");
    if (!others || !place) continue;
    const warning = document.createElement("p");
    warning.className = "clash";
    warning.dataset.clash = "";
    warning.textContent = sayCount("clash", others);
    place.append(warning);
  }
}
