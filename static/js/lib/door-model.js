// One door as this phone knows it: the server's list, what was done here and is not there yet, and the way between them.
import { after, codeIn, judge, personWithCode } from "./door-codes.js";
import { followStream } from "./stream.js";

const BATCH = 50;
const HOST_WAITS = 2_500; // then the phone decides by its own list
const GIVE_UP = 10_000;
const LOOK_AGAIN = 5_000;
const POLL = 15_000;

/** A version 4 UUID; crypto.randomUUID is missing on a demo's plain http. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : document.querySelector("[name=csrfmiddlewaretoken]").value;
}

function ask(address, options = {}) {
  return fetch(address, { cache: "no-store", signal: AbortSignal.timeout(GIVE_UP), ...options });
}

function post(address, content) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  return ask(address, { method: "POST", headers, body: JSON.stringify(content) });
}

export class Door {
  /** @param store a DoorStore; `onChange()` after every change, `onLateAnswer(answer)` when the server saw it otherwise */
  constructor({ api, walkIns, stream, store, door, onChange, onLateAnswer }) {
    Object.assign(this, { api, walkIns, stream, store, door, onChange, onLateAnswer });
    const kept = store.list();
    this.people = new Map((kept?.people ?? []).map((person) => [person.id, person]));
    this.etag = kept?.etag ?? "";
    this.hasList = Boolean(kept);
    this.pending = store.acts();
    this.answers = new Map(); // of acts a host waits for: what to call with the answer
    this.told = new Map(); // of acts this phone decided alone: the result it showed
    this.clock = 0; // the server's clock minus ours, in ms
    this.isOnline = navigator.onLine;
    this.isStreaming = false;
    this.trouble = ""; // signedOut, noRights
    this.changes = 0;
  }

  start() {
    this.#listen();
    this.refresh();
    setInterval(() => {
      if (this.pending.length || !this.isOnline) this.refresh();
    }, LOOK_AGAIN);
    setInterval(() => {
      if (!this.isStreaming && !document.hidden) this.load();
    }, POLL);
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
    window.addEventListener("online", () => this.refresh());
    window.addEventListener("offline", () => this.#lost());
  }

  /** Everybody, with what was done here and is not sent yet. */
  everybody() {
    const people = new Map(this.people);
    for (const act of this.pending) {
      const person = this.#whom(act, people);
      if (["checked_in", "undone"].includes(judge(person, act.action))) people.set(person.id, after(person, act, act.at));
    }
    return [...people.values()].filter((person) => !(person.is_walk_in && person.state === "cancelled"));
  }

  /** Send what waits, then look at the list. */
  async refresh() {
    await this.flush();
    await this.load();
  }

  async load() {
    const changes = this.changes;
    try {
      const response = await ask(this.api, { headers: this.etag ? { "If-None-Match": this.etag } : {} });
      this.#heard(response);
      if (response.status !== 200) return;
      const { people } = await response.json();
      if (changes !== this.changes) return void this.load(); // an answer came in between: this list may be older
      this.people = new Map(people.map((person) => [person.id, person]));
      this.etag = response.headers.get("ETag") ?? "";
      this.hasList = true;
      this.store.saveList(people, this.etag);
      this.onChange();
    } catch {
      this.#lost();
    }
  }

  /** Do something; the answer is the server's, or ours (`isKept`) when the server cannot be asked. */
  async act({ action, registration, ticket }) {
    const whom = registration ? { registration } : { ticket: codeIn(ticket).slice(0, 24) };
    const act = { id: newId(), action, at: this.#now(), door: this.door(), ...whom };
    const people = new Map(this.everybody().map((person) => [person.id, person]));
    const person = this.#whom(act, people);
    const own = { id: act.id, result: judge(person, action), person: person ?? null, isKept: true };
    this.pending.push(act);
    this.store.keep(act);
    this.onChange();
    const answer = await this.#answer(act);
    if (answer) return answer;
    this.told.set(act.id, own.result);
    const isChange = ["checked_in", "undone"].includes(own.result);
    return isChange ? { ...own, person: after(person, act, act.at) } : { ...own, at: person?.in_at, door: person?.in_door };
  }

  /** A seat for somebody: {name, email} or {registration}. Only the server knows whether one is free. */
  async letIn(who, id) {
    try {
      const response = await post(this.walkIns, { id, door: this.door(), ...who });
      this.#heard(response);
      const content = await response.json();
      if (!response.ok) return { refusal: content.detail, errors: content.errors ?? [] };
      this.#take(content.results[0]);
      this.load();
      return content.results[0];
    } catch {
      this.#lost();
      return null;
    }
  }

  async flush() {
    if (this.isSending) return;
    this.isSending = true;
    try {
      let size = BATCH;
      while (this.pending.length && size) size = await this.#send(this.pending.slice(0, size), size);
    } finally {
      this.isSending = false;
    }
  }

  /** The size of the next batch; 0 when it is of no use to go on now. */
  async #send(acts, size) {
    let response;
    try {
      response = await post(this.api, { acts });
      this.#heard(response);
      if (response.status === 200) return this.#settle(await response.json()) ? size : 0;
    } catch {
      this.#lost();
      return 0;
    }
    if (response.status === 429) return this.#giveBack(acts, { result: "later" });
    if (response.status !== 400) return this.#giveBack(acts, null);
    // One of them is not what the server takes: alone, so that it is found and does not hold up the others
    if (acts.length > 1) return 1;
    this.#drop(acts[0].id, { id: acts[0].id, result: "conflict", person: null });
    return BATCH;
  }

  /** Whether the next batch may follow at once. */
  #settle({ now, results }) {
    this.clock = Date.parse(now) - Date.now();
    for (const answer of results.filter((one) => one.result !== "later")) {
      this.#take(answer);
      this.#drop(answer.id, answer);
    }
    const heldBack = results.filter((one) => one.result === "later");
    this.#giveBack(heldBack, { result: "later" });
    this.onChange();
    return !heldBack.length;
  }

  /** What a host still waits for is answered and forgotten (they repeat it); what was kept offline stays. */
  #giveBack(acts, answer) {
    for (const { id } of acts) {
      const tell = this.answers.get(id);
      if (answer && tell) this.#drop(id, { id, person: null, ...answer });
      else tell?.(null);
    }
    return 0;
  }

  #take(answer) {
    this.changes += 1;
    if (answer.person) this.people.set(answer.person.id, answer.person);
  }

  #drop(id, answer) {
    const act = this.pending.find((one) => one.id === id);
    this.pending = this.pending.filter((one) => one !== act);
    this.store.drop(id);
    const tell = this.answers.get(id);
    const told = this.told.get(id) ?? (act?.action === "undo" ? "undone" : "checked_in"); // before a reload
    this.told.delete(id);
    if (tell) tell(answer);
    else if (told !== answer.result) this.onLateAnswer(answer);
  }

  #answer(act) {
    if (!this.isOnline) {
      this.flush();
      return null;
    }
    return new Promise((resolve) => {
      const tell = (answer) => {
        this.answers.delete(act.id);
        clearTimeout(timer);
        resolve(answer);
      };
      const timer = setTimeout(() => tell(null), HOST_WAITS);
      this.answers.set(act.id, tell);
      this.flush();
    });
  }

  #whom(act, people) {
    if (act.registration) return people.get(act.registration);
    return personWithCode([...people.values()], act.ticket);
  }

  /** By the server's clock, and never before the act before it. */
  #now() {
    const last = Date.parse(this.pending.at(-1)?.at ?? "1970-01-01");
    return new Date(Math.max(Date.now() + this.clock, last + 1)).toISOString();
  }

  #heard(response) {
    const date = Date.parse(response.headers.get("Date") ?? "");
    if (date && Math.abs(date - Date.now() - this.clock) > 2_000) this.clock = date - Date.now();
    this.isOnline = response.status < 500;
    this.trouble = { 401: "signedOut", 403: "noRights" }[response.status] ?? "";
    if (this.trouble) this.store.forgetList();
    this.onChange();
  }

  #lost() {
    this.isOnline = false;
    for (const tell of [...this.answers.values()]) tell(null);
    this.onChange();
  }

  #listen() {
    let soon = 0;
    const onState = (isOpen) => {
      this.isStreaming = isOpen;
    };
    const onMessage = () => {
      clearTimeout(soon);
      soon = setTimeout(() => this.load(), 200);
    };
    followStream(this.stream, { onMessage, onState });
  }
}
