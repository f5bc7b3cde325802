// Draws the clock of a stage: light, word, digits, the bars of its minutes, and who is on. Every screen has one.
//
// <div data-light="green">, and inside: data-word (role=status), data-time (role=timer), data-bars, data-place,
// data-who, data-affiliation, data-title, data-clock; each may be missing. Drawn once a second, when the second turns.
import { countdown, countedLeft, lightOf, minuteFills, untilNextSecond } from "./stage-clock.js";
import { affiliationsOf, languageOf, lengthOf, namesOf, placesOf, talkOf, titleOf, wallClock } from "./stage-view.js";
import { say } from "./words.js";

/** Written only when it changes, so that a screen reader is not told the same again. */
export function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Somebody's words, marked with their language where it is not the page's. */
export function writeForeign(element, text) {
  if (!element || element.textContent === text) return;
  element.textContent = text;
  const language = languageOf(text);
  if (document.documentElement.lang.split("-")[0] === language.split("-")[0]) element.removeAttribute("lang");
  else element.lang = language;
}

/** Long names are set smaller. */
export function markLong(element, name) {
  const long = lengthOf(name);
  if (element && long) element.dataset.long = long;
  else element?.removeAttribute("data-long");
}

/** While nothing counts: when the round begins, or the whole time of who comes next. */
function standingTime(stage) {
  if (stage.state === "ready" && stage.starts_at) return wallClock(Date.parse(stage.starts_at), stage.time_zone);
  return stage.talk === null || stage.state === "finished" ? "" : countdown(stage.length_ms);
}

export class StagePanel {
  #timer = 0;

  /** @param feed gives the document and the server's clock; `onTick(light, now, before)` is called after each drawing,
   * `before` is the light of the drawing before. */
  constructor(root, feed, onTick = () => {}) {
    Object.assign(this, { root, feed, onTick, light: "" });
  }

  start() {
    document.addEventListener("visibilitychange", () => document.hidden || this.draw());
    this.draw();
  }

  part(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  draw() {
    clearTimeout(this.#timer);
    const { stage, clock } = this.feed;
    const now = clock.now();
    const left = countedLeft(stage, now);
    const [light, before] = [lightOf(stage, now), this.light];
    this.light = light;
    if (this.root.dataset.light !== light) this.root.dataset.light = light;
    this.#drawTime(left === null ? standingTime(stage) : countdown(left));
    this.#drawBars(this.part("bars"), minuteFills(stage, now));
    this.#drawWho(stage);
    write(this.part("word"), say(light === "ready" && !stage.starts_at ? "light.between" : `light.${light}`));
    write(this.part("clock"), wallClock(now, stage.time_zone));
    this.onTick(light, now, before);
    const next = left === null || stage.state === "paused" ? 1_000 - (now % 1_000) : untilNextSecond(left);
    this.#timer = setTimeout(() => requestAnimationFrame(() => this.draw()), next + 1);
  }

  #drawTime(text) {
    const time = this.part("time");
    if (!time || time.textContent === text) return;
    time.textContent = text;
    time.dataset.glyphs = text.length;
  }

  #drawBars(bars, fills) {
    if (!bars) return;
    while (bars.children.length > fills.length) bars.lastElementChild.remove();
    while (bars.children.length < fills.length) bars.append(document.createElement("i"));
    fills.forEach((fill, minute) => bars.children[minute].style.setProperty("--fill", fill));
  }

  #drawWho(stage) {
    const talk = talkOf(stage);
    const name = talk ? namesOf(talk) : "";
    writeForeign(this.part("who"), name);
    markLong(this.part("name"), name);
    writeForeign(this.part("affiliation"), talk ? affiliationsOf(talk) : "");
    writeForeign(this.part("title"), talk ? titleOf(talk) : "");
    write(this.part("place"), talk ? say("place", { number: talk.slot, count: placesOf(stage) }) : "");
  }
}
