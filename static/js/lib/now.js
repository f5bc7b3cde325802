// What is past, on now and next: marks boxes and slots, moves the line, fills “now and next”. Runs every few seconds.
import { readItems } from "./programme.js";
import { clockText } from "./zone.js";

const MINUTE = 60_000;
const NEAR = 8; // minutes: a time on the axis this close to the line would lie under its plate

function mark(item, now, isNext) {
  const running = item.starts <= now && now < item.ends && !item.isCancelled;
  item.element.classList.toggle("is-now", running);
  item.element.classList.toggle("is-past", item.ends <= now && !item.element.classList.contains("slot"));
  item.element.classList.toggle("is-done", item.ends <= now && item.element.classList.contains("slot"));
  item.element.classList.toggle("is-next", isNext);
  return running;
}

/** A slot is on until the next one begins: the change of speakers belongs to who was on. */
function slotEnd(round, number) {
  return round.slots[number + 1]?.starts ?? round.ends;
}

/** While a round is on stage the host says what is on, not the clock. */
function isOnStage(item) {
  return "stage" in item.element.dataset;
}

/** By its host: then nobody of it is on or comes, whatever was planned. */
function isFinished(item) {
  return "finished" in item.element.dataset;
}

function markByStage(round) {
  round.element.classList.toggle("is-now", !isFinished(round));
  round.element.classList.toggle("is-past", isFinished(round));
  const cells = round.element.querySelectorAll(".ruler li");
  round.slots.forEach(({ element, state }, number) => {
    for (const [mark, is] of [["is-now", "now"], ["is-next", "next"], ["is-done", "past"]]) {
      element.classList.toggle(mark, state === is);
      cells[number]?.classList.toggle(mark, state === is);
    }
  });
}

function markRound(round, now) {
  if (isOnStage(round) || isFinished(round)) return markByStage(round);
  const next = round.slots.find((slot) => slot.starts > now && !slot.isOpen && !slot.isCancelled);
  const running = round.starts <= now && now < round.ends;
  const cells = round.element.querySelectorAll(".ruler li");
  round.slots.forEach((slot, number) => {
    const until = slotEnd(round, number);
    const isNow = mark({ ...slot, ends: until }, now, running && slot === next);
    cells[number]?.classList.toggle("is-now", isNow);
    cells[number]?.classList.toggle("is-done", until <= now);
    cells[number]?.classList.toggle("is-next", running && slot === next);
  });
}

function placeLine(band, now, start) {
  const line = band.querySelector(".nowline");
  const marks = band.dataset.marks.split(" ").map(Number);
  const minute = (now - start) / MINUTE;
  const row = marks.findIndex((end, number) => number > 0 && minute < end);
  const inside = minute >= marks[0] && row > 0;
  line.hidden = !inside;
  for (const tick of band.querySelectorAll(".tick")) {
    const distance = Number(tick.dataset.minute) - minute;
    tick.classList.toggle("is-past", distance <= 0);
    tick.classList.toggle("is-under", inside && Math.abs(distance) < NEAR);
  }
  if (!inside) return;
  const [from, to] = [marks[row - 1], marks[row]];
  line.style.gridArea = `t${from} / 1 / t${to} / -1`;
  line.style.insetBlockStart = `${((100 * (minute - from)) / (to - from)).toFixed(1)}%`;
  const time = line.querySelector("time");
  time.dateTime = new Date(now).toISOString();
  time.textContent = clockText(now);
}

function title(item) {
  return item.element.dataset.line;
}

function setTime(element, instant) {
  element.hidden = Number.isNaN(instant);
  if (element.hidden) return;
  const time = element.querySelector("time");
  time.dateTime = new Date(instant).toISOString();
  time.textContent = clockText(instant);
}

function setText(element, text) {
  // Written only when it changes, so that a screen reader is not told the same again
  if (element.textContent !== text) element.textContent = text;
}

function talksOf(round) {
  return round.slots.map((slot, number) => ({ ...slot, ends: slotEnd(round, number) })).filter((slot) => !slot.isOpen);
}

function pieces(items) {
  return items.flatMap((item) => (item.slots.length ? talksOf(item) : [item]));
}

function nowByClock(items, now) {
  const flat = pieces(items);
  const running = (item) => item.starts <= now && now < item.ends;
  const on = flat.findLast(running) ?? items.find(running);
  const next = flat.find((item) => item.starts > now);
  return { on, until: on?.ends ?? NaN, next, at: next?.starts };
}

/** Who is on stays on, however late it is, and who comes has not begun; what was planned for now waits. */
function nowByStage(round, items, now) {
  const on = round.slots.find((slot) => slot.state === "now");
  const until = on ? Date.parse(round.element.dataset.onUntil) : NaN;
  const expected = round.slots.filter((slot) => slot.expected);
  const waiting = pieces(items.filter((item) => item !== round)).filter((item) => item.ends > now);
  const next = expected[0] ?? waiting[0];
  return {
    on: on ?? round,
    until: until > now ? until : NaN,
    next,
    at: next && Math.max(next.expected || next.starts, now),
  };
}

function fillRoom(card, items, now) {
  const timed = items.filter((item) => !item.isCancelled && !isFinished(item) && item.starts <= item.ends);
  const onStage = timed.find(isOnStage);
  const { on, until, next, at } = onStage ? nowByStage(onStage, timed, now) : nowByClock(timed, now);
  setText(card.querySelector("[data-now]"), on ? title(on) : "");
  setTime(card.querySelector("[data-until]"), until);
  card.querySelector(".nn__next").hidden = !next;
  if (next) {
    setTime(card.querySelector("[data-next-at]"), at);
    setText(card.querySelector("[data-next]"), title(next));
  }
  card.dataset.quiet = String(!on && !next);
}

/** Between the first start and the last end, or while a round is on stage: only then is what is over dimmed, and “now and next” shown. */
function isRunning(items, now) {
  const starts = Math.min(...items.map((item) => item.starts).filter((start) => !Number.isNaN(start)));
  const ends = Math.max(...items.map((item) => item.ends).filter((end) => !Number.isNaN(end)));
  return (starts <= now && now < ends) || items.some(isOnStage);
}

function fillNowAndNext(section, items, now) {
  const plate = section.querySelector(".nn__head time");
  plate.dateTime = new Date(now).toISOString();
  plate.textContent = clockText(now);
  for (const card of section.querySelectorAll("[data-room-card]")) {
    const room = card.dataset.roomCard;
    fillRoom(card, items.filter((item) => item.room === room || !item.room), now);
  }
}

/** Show the state of the programme at `now` (milliseconds). */
export function showNow(programme, section, jump, now) {
  const items = readItems(programme);
  for (const item of items) {
    mark(item, now, false);
    if (item.isStrip) markRound(item, now);
  }
  const start = Date.parse(programme.dataset.starts);
  for (const band of programme.querySelectorAll(".band")) placeLine(band, now, start);
  const running = isRunning(items, now);
  programme.classList.toggle("is-running", running);
  section.hidden = !running;
  if (running) fillNowAndNext(section, items, now);
  const current = programme.querySelector(".slot.is-now") ?? programme.querySelector(".is-now");
  jump.hidden = !current;
  if (current) jump.href = `#${current.id}`;
}
