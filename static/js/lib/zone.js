// Time zones: every <time> keeps its instant; the switch changes only its text. Where the reader's clock shows the same
// as the event's, the switch stays hidden.
import { say } from "./words.js";

const language = document.documentElement.lang.startsWith("en") ? "en-GB" : document.documentElement.lang;
const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
let shown = "";

function formatter(zone, options) {
  return new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
}

function dayKey(instant, zone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}

/** 19:00 on the clock of the zone that is shown. */
export function clockText(instant, zone = shown) {
  return formatter(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(instant);
}

function dateText(instant, zone) {
  return formatter(zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(instant).replace(",", "");
}

function placeName(zone) {
  return zone.split("/").pop().replaceAll("_", " ");
}

function shiftMark(instant, zone, eventZone) {
  const mark = document.createElement("small");
  mark.className = "shift";
  mark.textContent = dayKey(instant, zone) < dayKey(instant, eventZone) ? say("dayBefore") : say("dayAfter");
  return mark;
}

function showTime(element, zone, eventZone) {
  const instant = new Date(element.dateTime);
  if (element.dataset.fmt === "date") {
    element.textContent = dateText(instant, zone);
    return;
  }
  element.textContent = clockText(instant, zone);
  if (element.dataset.fmt !== "bare" && dayKey(instant, zone) !== dayKey(instant, eventZone)) {
    element.append(shiftMark(instant, zone, eventZone));
  }
}

/** Write every <time> below `root` on the clock of the zone that is shown, when it is not the event's own. */
export function showTimes(root, eventZone) {
  if (shown === eventZone) return;
  for (const element of root.querySelectorAll('time[datetime*="T"]')) showTime(element, shown, eventZone);
}

function showZone(zone, eventZone) {
  const original = (element) => (element.dataset.original ??= element.textContent);
  shown = zone;
  for (const element of document.querySelectorAll('time[datetime*="T"]')) {
    original(element);
    if (zone === eventZone) element.textContent = element.dataset.original;
    else showTime(element, zone, eventZone);
  }
  for (const element of document.querySelectorAll("[data-zone-name]")) {
    original(element);
    element.textContent = zone === eventZone ? element.dataset.original : say("zoneTime", { place: placeName(zone) });
  }
  for (const element of document.querySelectorAll("[data-zone-abbreviation]")) {
    original(element);
    element.textContent = zone === eventZone ? element.dataset.original : zoneAbbreviation(zone);
  }
}

function zoneAbbreviation(zone) {
  const parts = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "short" }).formatToParts(new Date());
  return parts.find((part) => part.type === "timeZoneName").value;
}

function makesADifference(eventZone) {
  return [...document.querySelectorAll('time[datetime*="T"]')].some((element) => {
    const instant = new Date(element.dateTime);
    return clockText(instant, mine) !== clockText(instant, eventZone) || dayKey(instant, mine) !== dayKey(instant, eventZone);
  });
}

/** Offer the reader's own clock, where it differs from the event's. */
export function setUpZoneSwitch(onChange = () => {}) {
  const control = document.querySelector("[data-zone-switch]");
  if (!control) return;
  const eventZone = control.dataset.zoneSwitch;
  shown = eventZone;
  control.hidden = !makesADifference(eventZone);
  control.querySelector("[data-mine]").textContent = placeName(mine);
  control.addEventListener("change", (event) => {
    showZone(event.target.value === "mine" ? mine : eventZone, eventZone);
    onChange();
  });
}
