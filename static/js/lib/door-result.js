// The one large result: title, sentence and next step, as web/door_words.py says them without script.
import { say, sayCount } from "./words.js";

const icons = JSON.parse(document.getElementById("icons").textContent);

export function nameOf(person) {
  return person?.name || say("noName");
}

/** 18:52 on the event's clock. */
export function clockTime(instant, zone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(new Date(instant));
}

/** 21 January 2027, on the clock of the place itself. */
function longDate(text) {
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(text.slice(0, 10)));
}

function textKey(answer, values) {
  const { result, person } = answer;
  if (result === "checked_in" && person?.guests) return `checked_in.guests.${person.guests === 1 ? "one" : "other"}`;
  if (result === "already_in" && values.where) return "already_in.where";
  if (result === "wrong_event" && answer.event) return "wrong_event.named";
  if (result === "cancelled" && person?.state === "declined") return "cancelled.declined";
  if (result === "not_going" && person) return person.place === "online" ? "not_going.online" : `not_going.${person.state}`;
  return `${result}.text`;
}

/** {title, text, cure} of an answer. */
export function wordsOf(answer, zone) {
  const values = {
    name: nameOf(answer.person),
    count: answer.person?.guests ?? 0,
    time: answer.at ? clockTime(answer.at, zone) : "",
    where: [answer.door, answer.by].filter(Boolean).join(", "),
    event: answer.event?.title ?? "",
    date: answer.event ? longDate(answer.event.starts_at) : "",
  };
  const cure = answer.result === "already_in" ? say("already_in.cure") : "";
  const text = answer.text ?? say(textKey(answer, values), values);
  return { title: say(`${answer.result}.title`, values), text, cure: answer.isKept ? say("kept") : cure };
}

export class ResultPanel {
  /** @param place the live region, @param template one panel, @param zone of the event's clock */
  constructor(place, template, zone) {
    Object.assign(this, { place, template, zone });
  }

  /** Show an answer; `next` is {label, run}: the step that helps. */
  show(answer, next = null, canBeClosed = false) {
    const panel = this.template.content.firstElementChild.cloneNode(true);
    const { title, text, cure } = wordsOf(answer, this.zone);
    panel.dataset.kind = answer.result;
    panel.toggleAttribute("data-kept", Boolean(answer.isKept));
    panel.querySelector("[data-title]").textContent = title;
    panel.querySelector("[data-text]").textContent = text;
    panel.querySelector("[data-cure]").textContent = cure;
    const use = panel.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${icons[answer.result] ?? "alert"}`));
    const button = panel.querySelector("[data-do]");
    button.hidden = !next;
    if (next) {
      button.textContent = next.label;
      button.addEventListener("click", next.run);
    }
    const close = panel.querySelector("[data-close]");
    close.hidden = !canBeClosed;
    close.addEventListener("click", () => this.clear());
    this.place.replaceChildren(panel);
  }

  clear() {
    this.place.replaceChildren();
  }
}

/** “Brings 2 guests, Walk-in”. */
export function metaOf(person) {
  const parts = [person.guests ? sayCount("guests", person.guests) : "", person.is_walk_in ? say("walkIn") : ""];
  return parts.filter(Boolean).join(", ");
}
