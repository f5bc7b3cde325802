// The door on a host's phone: search, scan, check in, undo, walk-ins; goes on without network and catches up.
import { codeIn, heads, isExpected, isLongEnough } from "./lib/door-codes.js";
import { Door, newId } from "./lib/door-model.js";
import { keepDoor } from "./lib/door-offline.js";
import { ResultPanel, wordsOf } from "./lib/door-result.js";
import { matching, Rows } from "./lib/door-rows.js";
import { Scanner } from "./lib/door-scanner.js";
import { play, wakeSounds } from "./lib/door-sounds.js";
import { DoorStore } from "./lib/door-store.js";
import { say, sayCount } from "./lib/words.js";

const SHEET_STAYS = 8_000;
const GOOD = ["checked_in", "undone"];

const page = document.getElementById("door");
const { event, host, zone, api, walkIns, stream } = page.dataset;
const find = (name) => page.querySelector(`[data-${name}]`);
const store = new DoorStore(event, host);
const panel = new ResultPanel(find("results"), find("result-template"), zone);
const rows = new Rows(find("guests"), find("row-template"), zone);
const scanner = new Scanner(page.querySelector("video"), (code) => scan(code));
const codeForm = find("code-form");
const walkIn = find("walk-in");
const search = find("find");
let sheet = 0;
let walkInId = newId();

const door = new Door({
  api,
  walkIns,
  stream,
  store,
  door: () => find("door-name").value.trim().slice(0, 60),
  onChange: draw,
  onLateAnswer: (answer) => {
    const { title, text } = wordsOf(answer, zone);
    show({ ...answer, text: say("lateAnswer", { title, text }) });
  },
});

function shown() {
  return search.elements.show.value;
}

function draw() {
  const people = door.everybody();
  const expected = people.filter(isExpected);
  const here = expected.filter((person) => person.state === "checked_in");
  drawNetwork();
  if (!door.hasList) return;
  page.classList.add("has-list");
  const counts = { all: heads(expected), in: heads(here) };
  find("here").textContent = counts.in;
  find("expected").textContent = counts.all;
  const came = heads(here.filter((person) => person.is_walk_in));
  find("walk-ins-count").textContent = sayCount("walkIns", came);
  find("walk-ins-line").hidden = !came;
  for (const [name, count] of Object.entries({ ...counts, out: counts.all - counts.in })) {
    page.querySelector(`[data-count="${name}"]`).textContent = count;
  }
  const text = search.elements.q.value;
  const found = matching(people, text, shown());
  rows.draw(found, text);
  find("nobody").hidden = found.length > 0;
  find("nobody").textContent = say("nobody");
  const told = text.trim() ? sayCount("found", found.length) : "";
  if (find("found").textContent !== told) find("found").textContent = told;
}

function drawNetwork() {
  const count = door.pending.length;
  let text = "";
  if (door.trouble) text = say(door.trouble);
  else if (!door.isOnline) text = count ? say("offlineWaiting", { count }) : say("offline");
  else if (count && [...door.pending].some((act) => !door.answers.has(act.id))) text = say("waiting", { count });
  if (find("network").textContent !== text) find("network").textContent = text;
}

/** What helps after this result. */
function nextStep({ result, person }) {
  if (result === "checked_in" || result === "already_in") {
    if (person) return { label: page.dataset.undo, run: () => act({ action: "undo", registration: person.id }) };
  }
  if (["cancelled", "not_going"].includes(result) && person) {
    return { label: page.dataset.letIn, run: () => letIn({ registration: person.id }, newId()) };
  }
  if (["unknown", "wrong_event", "unsure"].includes(result)) return { label: page.dataset.look, run: lookForName };
  return null;
}

function show(answer) {
  const isScanning = page.classList.contains("is-scanning");
  panel.show(answer, nextStep(answer), !isScanning);
  if (find("sound").checked) play(answer.result);
  clearTimeout(sheet);
  if (GOOD.includes(answer.result) && !isScanning) sheet = setTimeout(() => panel.clear(), SHEET_STAYS);
}

async function act(what) {
  wakeSounds();
  show(await door.act(what));
}

function scan(code) {
  if (isLongEnough(codeIn(code))) act({ action: "in", ticket: code });
  else show({ result: "unknown", person: null, text: say("shortCode") });
}

/** `null` when the server could not be asked. */
async function letIn(who, id) {
  const answer = await door.letIn(who, id);
  if (answer === null) show({ result: "refused", person: null, text: say("needsNetwork") });
  else if ("refusal" in answer) show({ result: "refused", person: null, text: answer.refusal });
  else show(answer);
  return answer;
}

function lookForName() {
  stopScanning();
  panel.clear();
  search.elements.q.focus();
}

async function startScanning() {
  wakeSounds();
  page.classList.add("is-scanning");
  find("scanner").hidden = find("back").hidden = false;
  find("scan").hidden = true;
  try {
    if (!(await Scanner.isPossible())) throw new Error("noCamera");
    find("camera").hidden = false;
    await scanner.start();
    const values = { here: find("here").textContent, expected: find("expected").textContent };
    panel.show({ result: "ready", person: null, text: say("ready.text", values) });
  } catch (error) {
    find("camera").hidden = true;
    const text = error.message === "noCamera" ? say("noCamera.text") : say("cameraRefused");
    panel.show({ result: "noCamera", person: null, text });
    codeForm.elements.ticket.focus();
  }
}

function stopScanning() {
  scanner.stop();
  page.classList.remove("is-scanning");
  find("camera").hidden = find("scanner").hidden = find("back").hidden = true;
  find("scan").hidden = false;
  panel.clear();
}

function showErrors(errors) {
  for (const name of ["name", "email"]) {
    const error = errors.find((one) => one.field === name);
    const message = walkIn.querySelector(`[data-error="${name}"]`);
    message.textContent = error?.detail ?? "";
    message.closest(".field").classList.toggle("field--bad", Boolean(error));
  }
}

async function addWalkIn(form) {
  wakeSounds();
  const [name, email] = [form.elements.name.value.trim(), form.elements.email.value.trim()];
  const answer = await letIn({ name, ...(email && { email }) }, walkInId);
  if (answer === null) return; // the same arrival is sent again, in case it did get there
  walkInId = newId();
  showErrors(answer.errors ?? []);
  if ("refusal" in answer) return form.elements[answer.errors[0]?.field]?.focus();
  form.reset();
  walkIn.open = false;
}

/** Whoever was looked for in vain is mostly the one who walks in. */
function takeNameFromSearch() {
  const field = walkIn.querySelector("[name=name]");
  if (walkIn.open && !field.value && !find("guests").children.length) field.value = search.elements.q.value.trim();
  if (walkIn.open) field.focus();
}

function onSubmit(submitted) {
  const { target: form, submitter } = submitted;
  if (form.closest("[data-settings]") || !form.matches("form")) return;
  submitted.preventDefault();
  if (form === search) return draw();
  if (form === codeForm) {
    scan(form.elements.ticket.value);
    return form.elements.ticket.select();
  }
  if (walkIn.contains(form)) return void addWalkIn(form);
  const { name, value: registration } = submitter;
  if (name === "let_in") letIn({ registration }, newId());
  else act({ action: name === "undo" ? "undo" : "in", registration });
}

function setUpSettings() {
  const [name, sound] = [find("door-name"), find("sound")];
  name.value = store.setting(`name.${event}`, "");
  sound.checked = store.setting("sound", true);
  name.addEventListener("change", () => store.set(`name.${event}`, name.value.trim()));
  sound.addEventListener("change", () => store.set("sound", sound.checked));
}

function takeOver() {
  page.classList.add("is-scripted");
  find("scan").hidden = find("settings").hidden = false;
  page.addEventListener("submit", onSubmit);
  search.addEventListener("input", draw);
  walkIn.addEventListener("toggle", takeNameFromSearch);
  find("scan").addEventListener("click", startScanning);
  find("back").addEventListener("click", stopScanning);
  document.addEventListener("visibilitychange", () => document.hidden && scanner.stream && stopScanning());
  setUpSettings();
  draw();
  door.start();
  keepDoor();
}

takeOver();
