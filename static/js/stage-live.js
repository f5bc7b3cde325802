// The audience's page: rounds follow the stage, the rooms are taken out of the page as the server renders it now.
import { drawRows } from "./lib/stage-lists.js";
import { StagePanel, write } from "./lib/stage-panel.js";
import { feedOf } from "./lib/stage-setup.js";
import { comingOf, expectedAt, lateMinutes, talkOf, wallClock } from "./lib/stage-view.js";
import { followStream } from "./lib/stream.js";
import { say } from "./lib/words.js";

const SPREAD = 2_000; // a hall full of phones must not ask in the same instant
const LONGEST_WAIT = 3_600_000;

const page = document.getElementById("live");
const offline = page.querySelector("[data-offline]");
let timer = 0;

/** One round: its clock, who comes when, who has been. */
function follow(root, isFirst) {
  const find = (name) => root.querySelector(`[data-${name}]`);
  const onLink = (link) => {
    offline.hidden = link !== "offline";
  };
  const feed = feedOf(root, { onStage: () => panel.draw(), onLink, onSchedule: isFirst ? renewSoon : undefined });
  let drawn = "";
  const panel = new StagePanel(root, feed, (light, now) => {
    const { stage } = feed;
    const late = lateMinutes(stage, now);
    const is = JSON.stringify([stage, late]);
    if (is === drawn) return;
    drawn = is;
    drawRound(find, stage, now, late);
    if (isFirst) renewSoon();
  });
  panel.start();
  feed.start();
}

function drawRound(find, stage, now, late) {
  const talk = stage.state === "on" || stage.state === "paused" ? talkOf(stage) : null;
  const word = late > 0 ? "late.late" : late < 0 ? "late.early" : "late.onTime";
  const isRunning = !["ready", "finished"].includes(stage.state);
  write(find("late"), isRunning ? say(word, { minutes: Math.abs(late) }) : "");
  find("now-part").hidden = !talk;
  if (talk) find("applaud").href = `${talk.url}#applause`;
  const done = stage.talks.filter((one) => one.state === "given").sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
  drawList(find("coming-part"), find("coming"), find("coming-template"), comingOf(stage), (one) => {
    const at = expectedAt(stage, one, now);
    return at === null ? "" : say("about", { time: wallClock(at, stage.time_zone) });
  });
  drawList(find("done-part"), find("done"), find("coming-template"), done, (one) =>
    one.started_at ? wallClock(Date.parse(one.started_at), stage.time_zone) : "",
  );
}

function drawList(part, list, template, talks, timeOf) {
  part.hidden = !talks.length;
  drawRows(list, template, talks, (row, talk) => {
    row.querySelector("[data-link]").href = talk.url;
    write(row.querySelector("[data-at]"), timeOf(talk));
  });
}

function renewSoon() {
  clearTimeout(timer);
  timer = setTimeout(renew, Math.random() * SPREAD);
}

/** The rooms as the server has them now; another set of rounds needs the whole page. */
async function renew() {
  try {
    const response = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-cache" });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const rounds = (root) => [...root.querySelectorAll("[data-stage]")].map((one) => one.dataset.api).join();
    if (rounds(fresh) !== rounds(document)) {
      location.reload();
      return;
    }
    const [old, found] = [document, fresh].map((root) => root.querySelector("[data-renewed]"));
    old.dataset.changesAt = found.dataset.changesAt;
    if (!old.isEqualNode(found)) old.replaceChildren(...found.childNodes);
  } catch {
    // No network: what is shown stays
  } finally {
    waitForChange();
  }
}

/** The clock alone changes what is on: then the page is asked again. */
function waitForChange() {
  const at = Date.parse(page.querySelector("[data-renewed]").dataset.changesAt);
  if (Number.isNaN(at)) return;
  clearTimeout(timer);
  timer = setTimeout(renew, Math.min(LONGEST_WAIT, Math.max(0, at - Date.now()) + 500 + Math.random() * SPREAD));
}


const rounds = [...page.querySelectorAll("[data-stage]")];
rounds.forEach((root, index) => follow(root, index === 0));
// A page without a round on stage follows the event's stream by itself
if (!rounds.length) {
  followStream(page.dataset.stream, { onMessage: ({ type }) => ["schedule", "stage"].includes(type) && renewSoon() });
}
waitForChange();
document.addEventListener("visibilitychange", () => document.hidden || renewSoon());
