// A stage's document as people read it: who is on, who comes, how late it is; pure.
import { furtherDelay } from "./stage-clock.js";

const MINUTE = 60_000;
const TO_COME = ["accepted", "confirmed"];
const LONG = 18; // letters of a name that fill a line of the projector
const VERY_LONG = 44;
const HAN = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/;
const KANA = /[\u3040-\u30ff]/;
const HANGUL = /[\uac00-\ud7af]/;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** Who is on stage (on, paused) or comes next (ready, between). */
export function talkOf(stage) {
  return stage.talks.find((talk) => talk.id === stage.talk) ?? null;
}

/** Those still to come after that one, in order. */
export function comingOf(stage) {
  if (stage.state === "finished") return [];
  return stage.talks.filter((talk) => talk.id !== stage.talk && TO_COME.includes(talk.state));
}

/** How many places the round has: its slots, or more where more talks were taken. */
export function placesOf(stage) {
  return Math.max(stage.slots ?? 0, ...stage.talks.map((talk) => talk.slot ?? 0));
}

export function namesOf(talk) {
  return talk.speakers.map((speaker) => speaker.name).join(", ") || talk.title;
}

export function affiliationsOf(talk) {
  return [...new Set(talk.speakers.map((speaker) => speaker.affiliation))].filter(Boolean).join(", ");
}

/** The title; empty where it stands in the place of a name. */
export function titleOf(talk) {
  return talk.speakers.length ? talk.title : "";
}

/** "", "long" or "very": how much smaller a name is set. */
export function lengthOf(name) {
  const columns = [...name].length + (name.match(WIDE)?.length ?? 0);
  if (columns <= LONG) return "";
  return columns <= VERY_LONG ? "long" : "very";
}

/** The BCP 47 tag a text needs, from its script: en, zh-Hans, ja or ko. */
export function languageOf(text) {
  if (KANA.test(text)) return "ja";
  if (HANGUL.test(text)) return "ko";
  return HAN.test(text) ? "zh-Hans" : "en";
}

/** One word for each place of the round: done, now, next, open or nothing. */
export function cellsOf(stage) {
  const current = talkOf(stage);
  const isOn = stage.state === "on" || stage.state === "paused";
  const next = isOn ? comingOf(stage)[0] : current;
  return Array.from({ length: placesOf(stage) }, (_, index) => {
    const talk = stage.talks.find((one) => one.slot === index + 1);
    if (!talk) return "open";
    if (isOn && talk === current) return "now";
    if (talk === next) return "next";
    return TO_COME.includes(talk.state) ? "" : "done";
  });
}

/** Whole minutes that what comes is late, negative when early; 0 within half a minute, or where no time is planned. */
export function lateMinutes(stage, now) {
  return stage.late_ms === null ? 0 : Math.round((stage.late_ms + furtherDelay(stage, now)) / MINUTE) + 0;
}

/** When a talk is likely to begin, as an instant; null when it has no time. */
export function expectedAt(stage, talk, now) {
  return talk.expected_at === null ? null : Date.parse(talk.expected_at) + furtherDelay(stage, now);
}

/** 19:42 on the wall clock of the event. */
export function wallClock(instant, zone) {
  const words = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", words).format(instant);
}

/** The same to the nearest minute: an estimate, as the schedule has it. */
export function aboutClock(instant, zone) {
  return wallClock(Math.round(instant / MINUTE) * MINUTE, zone);
}
