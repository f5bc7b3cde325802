// The projector: draws the round as the stream tells it, and goes on counting without network.
import { drawRows, drawRuler } from "./lib/stage-lists.js";
import { StagePanel, write } from "./lib/stage-panel.js";
import { feedOf } from "./lib/stage-setup.js";
import { comingOf, talkOf } from "./lib/stage-view.js";
import { hideIdlePointer, keepAwake, setUpFullScreen } from "./lib/stage-wake.js";
import { say, sayCount } from "./lib/words.js";

const NEXT = 2; // who should come to the front
const FIVE_MINUTES = 300_000;

const root = document.getElementById("stage");
const find = (name) => root.querySelector(`[data-${name}]`);
const signUp = JSON.parse(root.dataset.signUp).map(([from, until]) => [Date.parse(from ?? 0), Date.parse(until)]);
const feed = feedOf(root, { onStage: () => panel.draw(), onLink: (link) => (find("offline").hidden = link !== "offline") });
const panel = new StagePanel(root, feed, (light, now) => draw(feed.stage, now));
let drawn = null;
let joined = "";

/** All but the clock stays as it is until another document comes. */
function draw(stage, now) {
  drawJoin(stage, now);
  if (stage === drawn) return;
  drawn = stage;
  const isWaiting = stage.state === "ready"; // who opens the round is among those who come to the front
  const coming = [...(isWaiting && stage.talk ? [talkOf(stage)] : []), ...comingOf(stage)].slice(0, NEXT);
  drawRows(find("coming"), find("coming-template"), coming);
  find("coming-part").hidden = !coming.length;
  drawRuler(find("ruler"), stage);
}

/** What the code in the corner is for: signing up while that is possible, else slides and feedback. */
function wayIn(stage, now) {
  const isTaken = stage.open_slots > 0 && signUp.some(([from, until]) => from <= now && now < until);
  if (isTaken && stage.state !== "finished") {
    const text = say(stage.length_ms === FIVE_MINUTES ? "join.five" : "join.turn");
    return { what: "sign-up", path: root.dataset.propose, head: sayCount("join.open", stage.open_slots), text };
  }
  const talk = stage.state === "on" || stage.state === "paused" ? talkOf(stage) : null;
  if (talk) return { what: talk.id, path: talk.url, head: say("join.slides"), text: say("join.thisTalk") };
  return { what: "live", path: root.dataset.live, head: say("join.slides"), text: say("join.allTalks") };
}

function drawJoin(stage, now) {
  const way = wayIn(stage, now);
  if (JSON.stringify(way) === joined) return;
  joined = JSON.stringify(way);
  const code = find("code");
  code.hidden = false;
  code.src = root.dataset.qr.replace("WHAT", way.what);
  code.alt = say("join.code", { address: addressOf(way.path) });
  write(find("join-head"), way.head);
  write(find("join-text"), way.text);
  find("address").replaceChildren(...breakable(addressOf(way.path)));
}

/** As people type it. */
function addressOf(path) {
  return root.dataset.site + path.replace(/\/$/, "");
}

/** Long addresses break after a slash and nowhere else. */
function breakable(address) {
  return address.split(/(?<=[/?])/).flatMap((part) => [part, document.createElement("wbr")]);
}

// A code that cannot be fetched is left out: the address stands beside it
find("code").addEventListener("error", () => {
  find("code").hidden = true;
});
panel.start();
feed.start();
keepAwake();
setUpFullScreen(find("full"));
hideIdlePointer(root);
