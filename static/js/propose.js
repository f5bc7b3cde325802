// Proposing a talk: the link is looked at while one types, and nothing typed is lost where the network is.
import { Draft } from "./lib/draft.js";
import { bareAddress, readAddress } from "./lib/web-address.js";
import { say } from "./lib/words.js";

const SOON = 8000; // milliseconds to wait for a sign of life
const QUOTE = 60;
let press = Promise.resolve(); // settled unless a finger or a button of the mouse is down

function icon(name) {
  const drawn = document.querySelector("svg.icon").cloneNode(true);
  const use = drawn.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${name}`));
  drawn.setAttribute("class", "icon icon--sm");
  return drawn;
}

function message(kind, text, id) {
  const line = document.createElement("p");
  const words = document.createElement("span");
  line.className = `msg msg--${kind}`;
  line.id = id;
  words.textContent = text;
  line.append(icon(kind === "ok" ? "check" : "alert"), words);
  return line;
}

function checkLink(field) {
  const frame = field.closest(".field");
  for (const line of frame.querySelectorAll(".msg")) line.remove();
  const { address, wrong } = readAddress(field.value);
  const typed = field.value.trim();
  const link = typed.length > QUOTE ? `${typed.slice(0, QUOTE)}…` : typed;
  frame.classList.toggle("field--bad", Boolean(wrong));
  frame.classList.toggle("field--ok", Boolean(address));
  field.setAttribute("aria-invalid", String(Boolean(wrong)));
  field.removeAttribute("aria-describedby");
  if (!wrong && !address) return;
  const id = `${field.id}_said`;
  const text = wrong ? say(`link.${wrong}`, { link }) : say("link.ok", { link: bareAddress(address) });
  frame.append(message(wrong ? "bad" : "ok", text, id));
  field.setAttribute("aria-describedby", id);
}

/** Once no press is under way: a line that comes before its click moves the button from under the finger. */
async function atRest(act) {
  await press;
  setTimeout(act); // the click comes in the task that ends a press, and a touch sends its change only then
}

function setUpLink(form) {
  const field = form.elements.link;
  if (!field || field.type === "hidden") return;
  field.addEventListener("change", () => atRest(() => checkLink(field)));
  field.addEventListener("input", () => {
    if (field.closest(".field").querySelector(".msg")) checkLink(field);
  });
}

function notice(form) {
  let box = form.querySelector("[data-offline]");
  if (!box) {
    box = document.createElement("div");
    box.className = "notice notice--warn";
    box.dataset.offline = "";
    box.setAttribute("role", "alert");
    const text = document.createElement("p");
    const strong = document.createElement("b");
    strong.textContent = say("offline");
    const button = document.createElement("button");
    button.className = "text-btn";
    button.textContent = say("again");
    text.append(strong, ` ${say("saved")} `, button);
    box.append(icon("alert"), text);
    form.prepend(box);
  }
  box.hidden = false;
}

async function isReachable() {
  if (!navigator.onLine) return false;
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(SOON) });
    return true;
  } catch {
    return false;
  }
}

function setUpSending(form, draft) {
  let passed = false;
  form.addEventListener("submit", async (event) => {
    draft.keep(form);
    if (passed || event.submitter?.name === "back") return;
    event.preventDefault();
    const button = form.querySelector(".proposal__send");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    passed = await isReachable();
    if (passed) form.requestSubmit();
    else {
      button.removeAttribute("aria-busy");
      notice(form);
    }
  });
  // A page taken back out of the browser's memory still has the busy button.
  window.addEventListener("pageshow", () => {
    passed = false;
    form.querySelector(".proposal__send").removeAttribute("aria-busy");
  });
}

function countDown(element) {
  const until = Date.parse(element.dataset.until);
  const tick = () => {
    const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
    element.hidden = seconds >= 3600;
    element.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds) setTimeout(tick, 1000);
  };
  tick();
}

function followPresses() {
  window.addEventListener("pointerdown", () => {
    press = new Promise((end) => {
      for (const way of ["pointerup", "pointercancel"]) window.addEventListener(way, end, { once: true });
    });
  });
}

const form = document.querySelector("form[data-proposal]");
const done = document.querySelector("[data-proposed]");
if (done) new Draft(done.dataset.proposed).forget();
if (form) {
  const draft = new Draft(location.pathname);
  draft.restore(form);
  form.addEventListener("input", () => draft.keep(form));
  setUpSending(form, draft);
}
followPresses();
for (const one of document.querySelectorAll("form[data-proposal], form[data-checks-link]")) setUpLink(one);
for (const one of document.querySelectorAll("[data-until]")) countDown(one);
