// The host's remote: commands go to the API with the version that was seen, and the buttons are the server's own.
import { Queue } from "./lib/queue.js";
import { StagePanel } from "./lib/stage-panel.js";
import { feedOf } from "./lib/stage-setup.js";
import { keepAwake } from "./lib/stage-wake.js";
import { say } from "./lib/words.js";

const PATIENCE = 8_000;
const KEYS = "lectern.remote.keys";
const SHORTCUTS = { " ": "Space", n: "N", s: "S", "+": "+" };

const root = document.getElementById("remote");
const find = (name) => root.querySelector(`[data-${name}]`);
const feed = feedOf(root, { onStage, onLink, onSchedule: renew });
const panel = new StagePanel(root, feed);
let shown = JSON.stringify(feed.stage); // what buttons and queue were drawn from
let isOwed = false; // news came while a row was in the hand, or an order under way
let moved = null; // the order as it stands here, while it is not sent
let isSaving = false;
let queue = null;
let isBusy = false;

function onStage(stage) {
  panel.draw();
  if (JSON.stringify({ ...stage, stand_by: [] }) !== shown) renew(); // who stands by is told to hosts alone
}

function onLink(link) {
  const place = find("link");
  place.hidden = false;
  place.dataset.link = link;
  place.textContent = say(`link.${link}`);
  if (link === "offline") complain(say("offline"));
  else if (find("problem").dataset.is === "offline") complain("");
}

/** One sentence above the buttons; none takes it away. */
function complain(text, kind = "") {
  const place = find("problem");
  place.hidden = !text;
  place.dataset.is = text === say("offline") ? "offline" : kind;
  place.querySelector("span").textContent = text;
}

function csrf() {
  return root.querySelector("[name=csrfmiddlewaretoken]").value;
}

/** Ask for a command with what the button was drawn from: the clock above may know more already. */
async function command(button) {
  if (isBusy) return;
  busy(true);
  const [what, who] = button.value.split(":");
  const { version, talk } = Object.fromEntries(new FormData(button.form));
  const order = { command: what, version: Number(version), ...(who || talk ? { talk: Number(who || talk) } : {}) };
  const headers = { "Content-Type": "application/json", ...(root.dataset.key ? { Authorization: `Stage ${root.dataset.key}` } : { "X-CSRFToken": csrf() }) };
  const credentials = root.dataset.key ? "omit" : "same-origin";
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(`${root.dataset.api}commands/`, { method: "POST", headers, credentials, body: JSON.stringify(order), signal });
    await hear(response);
  } catch {
    complain(say(navigator.onLine ? "noAnswer" : "offline"));
    feed.look();
  }
  await renew();
  busy(false);
}

async function hear(response) {
  const answer = await response.json().catch(() => null);
  if (response.ok) {
    complain("");
    feed.show(answer);
  } else if (response.status === 409 && answer?.stage) {
    complain(answer.detail);
    feed.show(answer.stage);
  } else {
    complain(response.status >= 500 ? say("noAnswer") : (answer?.detail ?? say("refused")));
  }
}

function busy(is) {
  isBusy = is;
  find("parts").setAttribute("aria-busy", is);
}

/** The buttons and the queue as the server has them now. */
async function renew(response = null) {
  try {
    const found = response ?? (await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-store" }));
    if (!found.ok && found.status !== 409) return response && complain(say(found.status >= 500 ? "noAnswer" : "refused"));
    const fresh = new DOMParser().parseFromString(await found.text(), "text/html");
    const parts = fresh.querySelector("[data-parts]");
    if (!parts) return response && complain(say("refused"));
    if (found.status === 409) moved = null; // it stands on an order that is no more
    isOwed = Boolean(queue?.isLifted || moved || (isSaving && !response));
    if (isOwed) return response && takeSeen(parts);
    const refusal = fresh.querySelector("[data-problem]:not([hidden])");
    if (refusal) complain(refusal.textContent.trim());
    shown = JSON.stringify(JSON.parse(fresh.getElementById("stage-document").textContent));
    put(parts);
  } catch {
    // No network: the buttons stay, and the sentence above them says so
  }
}

/** The rows stay as they were moved meanwhile; their next order follows upon the one just answered. */
function takeSeen(parts) {
  find("order").elements.saw.value = parts.querySelector("[name=saw]").value;
}

/** What finds a button again in fresh parts: in a row by its talk, for there values change and a grip has none. */
function wayTo(button) {
  const { name, value, dataset } = button;
  const row = button.closest("[data-id]");
  if (!row) return `button[name="${name}"][value="${value}"]`;
  const what = dataset.move ? `[data-move="${dataset.move}"]` : name ? `[name="${name}"]` : "[data-grip]";
  return `[data-id="${row.dataset.id}"] ${what}`;
}

/** Keep the focus where it was, by what the button does. */
function put(parts) {
  const held = document.activeElement?.closest("[data-parts] button");
  const way = held && wayTo(held);
  const open = [...root.querySelectorAll("[data-parts] details[open] button")].map((button) => button.value);
  find("parts").replaceWith(document.importNode(parts, true));
  for (const value of open) root.querySelector(`[data-parts] button[value="${value}"]`)?.closest("details")?.setAttribute("open", "");
  find("parts").setAttribute("aria-busy", isBusy);
  setUpQueue(); // a grip can have the focus only after this
  if (way) find("parts").querySelector(way)?.focus({ preventScroll: true });
}

/** Who is here and who comes when: forms of the page itself, answered by the page itself. */
async function post(form, name, value) {
  const body = new FormData(form);
  body.set(name, value);
  try {
    await renew(await fetch(location.pathname, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) }));
  } catch {
    complain(say(navigator.onLine ? "noAnswer" : "offline"));
  }
}

/** Orders go one after another: keys are pressed faster than a server answers. */
async function save(order) {
  moved = order;
  if (isSaving) return;
  isSaving = true;
  while (moved) {
    const next = moved.join();
    moved = null;
    await post(find("order"), "order", next);
  }
  isSaving = false;
  if (isOwed) renew();
}

function setUpQueue() {
  const list = find("queue");
  queue = list && new Queue(list, { said: find("queue-said"), onOrder: save });
}

root.addEventListener("submit", (event) => {
  const { submitter, target } = event;
  if (!target.closest("[data-parts]") || !submitter?.name) return;
  event.preventDefault();
  if (submitter.name === "command") {
    submitter.closest("details")?.removeAttribute("open");
    command(submitter);
  } else post(target, submitter.name, submitter.value);
});

/** Keys press the button that carries them; off while somebody types, and for whoever switched them off. */
function setUpKeys() {
  const box = find("keys");
  find("keyboard").hidden = false;
  box.checked = localStorage.getItem(KEYS) !== "off";
  box.addEventListener("change", () => localStorage.setItem(KEYS, box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const key = SHORTCUTS[event.key.toLowerCase()];
    const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select, summary, [data-grip]");
    const isPress = key === "Space" && event.target.closest("button, a, input");
    if (!key || !box.checked || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping || isPress) return;
    const button = root.querySelector(`[data-parts] [aria-keyshortcuts="${key}"]`);
    if (!button) return;
    event.preventDefault();
    command(button);
  });
}

root.addEventListener("lostpointercapture", () => isOwed && renew());
panel.start();
feed.start();
setUpQueue();
setUpKeys();
keepAwake();
