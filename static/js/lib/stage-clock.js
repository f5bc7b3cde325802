// What a stage's clock shows, computed from the document and an instant; pure but for the server's clock at the end.

const SECOND = 1_000;
const MINUTE = 60_000;
const AMBER = 60; // seconds left: the last minute
const RED = 15; // wrap up now

function instant(text) {
  return text === null ? null : Date.parse(text);
}

/** Milliseconds left of who is on stage, negative in overtime; null while nobody is. */
export function timeLeft(stage, now) {
  if (stage.started_at === null) return null;
  const until = instant(stage.paused_at) ?? now;
  return stage.length_ms + stage.extra_ms - (until - instant(stage.started_at) - stage.paused_ms);
}

/** Milliseconds of the countdown: of the talk, then of its questions, negative beyond them; while speakers change over,
 * until the next one is expected. Null where nothing runs or stands: before, after, and when the change takes longer. */
export function countedLeft(stage, now) {
  const left = timeLeft(stage, now);
  if (left === null) return changeoverLeft(stage, now);
  return secondsOf(left) < 0 ? left + stage.question_ms : left;
}

function changeoverLeft(stage, now) {
  const next = stage.talks.find((talk) => talk.id === stage.talk);
  if (stage.state !== "between" || !next?.expected_at || stage.talks.every((talk) => !talk.ended_at)) return null;
  const left = instant(next.expected_at) - now;
  return left > 0 && left <= stage.changeover_ms ? left : null;
}

/** Whole seconds as a countdown says them: 0 is said for a second when the time is over, then −1. */
export function secondsOf(left) {
  return Math.ceil(left / SECOND) + 0; // no negative zero
}

/** ready, green, amber, red, questions, over, paused, between or finished: colour and word of every screen. */
export function lightOf(stage, now) {
  if (stage.state !== "on") return stage.state;
  const seconds = secondsOf(timeLeft(stage, now));
  if (seconds < 0) return secondsOf(countedLeft(stage, now)) < 0 ? "over" : "questions";
  if (seconds <= RED) return "red";
  return seconds <= AMBER ? "amber" : "green";
}

/** 3:12, and +0:17 in overtime. */
export function countdown(left) {
  const seconds = secondsOf(left);
  const ahead = Math.abs(seconds);
  return `${seconds < 0 ? "+" : ""}${Math.floor(ahead / 60)}:${String(ahead % 60).padStart(2, "0")}`;
}

/** How full the bar of each of the talk's minutes is, from 0 to 1, the last minute first; none unless a talk is on. */
export function minuteFills(stage, now) {
  const left = timeLeft(stage, now);
  if (left === null) return [];
  const count = Math.ceil((stage.length_ms + stage.extra_ms) / MINUTE);
  const fills = Array.from({ length: count }, (_, minute) => (left - minute * MINUTE) / MINUTE);
  return fills.map((fill) => Math.max(0, Math.min(1, fill)));
}

/** How long until a second of this countdown is over: when to draw again. */
export function untilNextSecond(left) {
  return ((left % SECOND) + SECOND) % SECOND || SECOND;
}

/** Milliseconds that what comes is later than the document says, because the clock has gone on since it was written:
 * who is on talks over, is paused, or nobody begins. */
export function furtherDelay(stage, now) {
  if (stage.state === "finished") return 0;
  const left = timeLeft(stage, now);
  if (left !== null) return Math.max(0, -left - stage.question_ms) + (stage.paused_at === null ? 0 : Math.max(0, now - instant(stage.paused_at)));
  const next = stage.talks.find((talk) => talk.expected_at !== null);
  return next ? Math.max(0, now - instant(next.expected_at)) : 0;
}

/** The server's clock, as far as this device can tell.
 *
 * Two stamps come for free: the Date header of each answer (whole seconds, so it names a second the server's clock was
 * in while we waited) and the id of each message of the stream (the microsecond it was published, so the clock has
 * passed it). Each bounds how far our clock may be off, and old ones bound it less, never wrongly. Our own clock is
 * believed as far as the bounds allow: most devices are set better than a header of whole seconds could tell. Bounds
 * that contradict each other mean that a clock was set: then the newest alone counts.
 */
export class ServerClock {
  #low = -Infinity;
  #high = Infinity;

  now() {
    return Date.now() + this.offset;
  }

  get offset() {
    return Math.min(Math.max(0, this.#low), this.#high);
  }

  /** The Date header of an answer to what was asked at `sent` and came at `got`. */
  noteAnswer(date, sent, got = Date.now()) {
    const second = Date.parse(date);
    if (!Number.isNaN(second)) this.#note(second - got, second + SECOND - sent);
  }

  /** The id of a message that came at `got`. */
  noteMessage(id, got = Date.now()) {
    const published = Number(id) / SECOND;
    if (published > 0) this.#note(published - got, Infinity);
  }

  #note(low, high) {
    const wasSet = low > this.#high || high < this.#low;
    this.#low = wasSet ? low : Math.max(low, this.#low);
    this.#high = wasSet ? high : Math.min(high, this.#high);
  }
}
