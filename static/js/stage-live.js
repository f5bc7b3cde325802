// The audience's page: rounds follow the stage, the rest is taken out of the page as the server renders it now.
import { LiveRound } from "./lib/live-round.js";
import { followStream } from "./lib/stream.js";

const SPREAD = 2_000; // a hall full of phones must not ask in the same instant
const LONGEST_WAIT = 3_600_000;
const POLL = 30_000; // where the stream cannot be had

const page = document.getElementById("live");
const offline = page.querySelector("[data-offline]");
let isStreaming = false;
let timer = 0;

function showLink(link) {
  isStreaming = link === "stream";
  offline.hidden = link !== "offline";
}

function renewSoon() {
  clearTimeout(timer);
  timer = setTimeout(renew, Math.random() * SPREAD);
}

function parts(root) {
  return [...root.querySelectorAll("[data-renewed]")];
}

function addresses(root) {
  return [...root.querySelectorAll("[data-stage]")].map((one) => one.dataset.api).join();
}

/** Only what differs is exchanged, so that a screen reader is not told the rest again. */
function exchange(old, found) {
  const [before, after] = [old.children, found.children].map((list) => [...list]);
  if (before.length !== after.length) {
    old.replaceChildren(...after);
    return;
  }
  before.forEach((one, index) => one.isEqualNode(after[index]) || one.replaceWith(after[index]));
}

/** The page as the server has it now; another set of rounds needs the whole of it. */
async function renew() {
  try {
    const response = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-cache" });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (addresses(fresh) !== addresses(document)) {
      location.reload();
      return;
    }
    const found = parts(fresh);
    parts(document).forEach((old, index) => exchange(old, found[index]));
    const { changesAt } = fresh.getElementById("live").dataset;
    if (changesAt) page.dataset.changesAt = changesAt;
    else delete page.dataset.changesAt;
    for (const round of rounds) round.takeSlides(fresh);
  } catch {
    // No network: what is shown stays
  } finally {
    waitForChange();
  }
}

/** The clock alone changes what is on: then the page is asked again. */
function waitForChange() {
  const at = Date.parse(page.dataset.changesAt);
  if (Number.isNaN(at)) return;
  clearTimeout(timer);
  timer = setTimeout(renew, Math.min(LONGEST_WAIT, Math.max(0, at - Date.now()) + 500 + Math.random() * SPREAD));
}

/** A page without a round on stage follows the event's stream by itself. */
function followEvent() {
  followStream(page.dataset.stream, {
    onMessage: ({ type }) => ["schedule", "stage"].includes(type) && renewSoon(),
    onState: (isOpen) => showLink(isOpen ? "stream" : navigator.onLine ? "polling" : "offline"),
  });
  window.addEventListener("offline", () => showLink("offline"));
  window.addEventListener("online", renewSoon);
}

const rounds = [...page.querySelectorAll("[data-stage]")].map(
  (root, index) => new LiveRound(root, { onLink: showLink, onChange: index ? () => {} : renewSoon }),
);
for (const round of rounds) round.start();
if (!rounds.length) followEvent();
waitForChange();
setInterval(() => isStreaming || document.hidden || renewSoon(), POLL);
document.addEventListener("visibilitychange", () => document.hidden || renewSoon());
