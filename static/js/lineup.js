// The line-up under an organiser's fingers: a move is saved at once, and the server's page says what follows from it.
import { Queue } from "./lib/queue.js";
import { say } from "./lib/words.js";

const QUIET = 400; // a key that is held down is one change
const said = document.querySelector("[data-queue-said]");
let queue = null;
let saving = false;
let moved = null; // what is not saved yet: {order, id}
let soon = 0;

function find(selector) {
  return document.querySelector(`#lineup ${selector}`);
}

function setUp() {
  const list = find("[data-queue]");
  queue = list && new Queue(list, { said, onOrder: (order, id) => changed(order, id) });
}

function changed(order, id) {
  moved = { order, id };
  clearTimeout(soon);
  soon = setTimeout(save, QUIET);
}

async function save() {
  if (saving || !moved) return;
  saving = true;
  const { order, id } = moved;
  moved = null;
  try {
    const page = await send(order, id);
    show(page);
  } catch {
    complain();
  }
  saving = false;
  save();
}

async function send(order, id) {
  const form = new FormData(find("[data-lineup]"));
  form.delete("before");
  form.set("order", order.join());
  form.set("moved", id);
  const response = await fetch(location.pathname, { method: "POST", body: form });
  if (!response.ok && response.status !== 409) throw new Error(String(response.status));
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Take the server's page, unless somebody has a row in the hand or moved on: then only what the next form needs. */
function show(page) {
  const fresh = page.getElementById("lineup");
  const refusal = fresh.querySelector("[data-refusal]");
  if (refusal) moved = null;
  if (moved || (queue.isLifted && !refusal)) {
    for (const field of document.querySelectorAll("#lineup [name=saw]")) field.value = fresh.querySelector("[name=saw]").value;
    return;
  }
  const focus = focused();
  const open = [...document.querySelectorAll("#lineup details[open]")].map((one) => one.closest("[id]").id);
  document.getElementById("lineup").replaceWith(fresh);
  for (const id of open) detailsIn(document.getElementById(id))?.setAttribute("open", "");
  setUp();
  if (focus) document.querySelector(focus)?.focus({ preventScroll: true });
  if (refusal) said.textContent = refusal.textContent.trim();
}

function detailsIn(element) {
  return element?.matches("details") ? element : element?.querySelector("details");
}

/** How to find what has the focus in the new page. */
function focused() {
  const row = document.activeElement.closest("[data-queue] [data-id]");
  if (!row) return null;
  const { move } = document.activeElement.dataset;
  return `#${row.id} ${move ? `[data-move="${move}"]` : "[data-grip]"}`;
}

function complain() {
  const place = find("[data-lost]");
  place.querySelector("span").textContent = say("lineup.lost");
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
}

setUp();
