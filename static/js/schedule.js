// The schedule page: takes over the programme the server rendered.
import { Changes } from "./lib/changes.js";
import { showClashes } from "./lib/clashes.js";
import { Filters } from "./lib/filters.js";
import { LiveDocument } from "./lib/live.js";
import { showNow } from "./lib/now.js";
import { keepOffline } from "./lib/offline.js";
import { keepPlace } from "./lib/place.js";
import { StarSync } from "./lib/star-sync.js";
import { Stars } from "./lib/stars.js";
import { setUpZoneSwitch, showTimes } from "./lib/zone.js";

const TICK = 10_000;
const GRID_RULES = /<style id="grid-rules">([^<]*)<\/style>/;
const page = document.getElementById("schedule");
const section = document.querySelector(".nn");
const jump = document.querySelector("[data-jump]");
const programme = document.getElementById("programme"); // null while there is none
const { event, zone, document: address, stream, etag } = page.dataset;

const stars = new Stars(event);
const sync = new StarSync(stars, event);
const filters = programme && new Filters(document.querySelector(".bar"), programme, stars);
const changes = new Changes(event);

function tick() {
  showNow(programme, section, jump, Date.now());
}

function showMarks() {
  stars.show(programme);
  showClashes(programme, stars);
  filters.apply();
  changes.show(programme);
}

/** The page's policy knows the text of its one <style>; other rules come as a sheet made by script. */
function layOut(rules) {
  document.getElementById("grid-rules")?.remove();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}

/** Take the new programme out of the page as the server renders it now; nothing is rendered twice. */
async function renew() {
  const response = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!response.ok) return;
  // The rules are taken out before the text is read as a document: this page's policy does not know them
  const html = await response.text();
  const rules = html.match(GRID_RULES);
  const fresh = new DOMParser().parseFromString(html.replace(GRID_RULES, ""), "text/html");
  const found = fresh.getElementById("programme");
  if (!found || !rules) return;
  layOut(rules[1]);
  programme.dataset.starts = found.dataset.starts;
  const backToPlace = keepPlace(programme);
  programme.replaceChildren(...found.childNodes);
  showTimes(programme, zone);
  showMarks();
  tick();
  backToPlace();
}

function takeOver() {
  stars.setUp(programme, () => {
    showMarks();
    sync.soon();
  });
  sync.start(programme, showMarks);
  filters.setUp();
  setUpZoneSwitch(tick);
  showMarks();
  tick();
  setInterval(tick, TICK);
}

if (programme) takeOver();
else setUpZoneSwitch();
new LiveDocument(address, stream, etag, programme ? renew : () => location.reload()).start();
document.querySelector("[data-print]")?.addEventListener("click", () => print());
keepOffline();
