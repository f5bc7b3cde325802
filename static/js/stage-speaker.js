// The speaker's clock: a phone or tablet that faces the stage. With ?talk= it also says when that talk's turn comes.
import { StagePanel, write } from "./lib/stage-panel.js";
import { feedOf } from "./lib/stage-setup.js";
import { aboutClock, comingOf, expectedAt } from "./lib/stage-view.js";
import { keepAwake, setUpFullScreen } from "./lib/stage-wake.js";
import { say, sayCount } from "./lib/words.js";

const MINUTE = 60_000;
const SOON = 60; // minutes

const root = document.getElementById("stage");
const turn = root.querySelector("[data-turn]");
const asked = new URLSearchParams(location.search).get("talk");
const offline = root.querySelector("[data-offline]");
const feed = feedOf(root, { onStage: () => panel.draw(), onLink: (link) => (offline.hidden = link !== "offline") });
const panel = new StagePanel(root, feed, (light, now) => drawTurn(feed.stage, now));

/** By its number or its short code. */
function isAsked(talk) {
  return asked !== null && (String(talk.id) === asked || talk.url === `/t/${asked.toLowerCase()}/`);
}

/** How many are before it, counting who is on or comes next; -1 when it is not to come. */
function before(stage) {
  const line = [...stage.talks.filter((talk) => talk.id === stage.talk), ...comingOf(stage)];
  return line.findIndex(isAsked);
}

function drawTurn(stage, now) {
  const count = before(stage);
  const isOn = stage.state === "on" || stage.state === "paused";
  let text = "";
  if (count === 0) text = say(isOn ? "turn.on" : "turn.next");
  if (count > 0) {
    const at = expectedAt(stage, stage.talks.find(isAsked), now);
    const minutes = at === null ? null : Math.round((at - now) / MINUTE);
    const when = minutes === null ? "" : say(minutes <= SOON ? "turn.in" : "turn.at", { minutes: Math.max(0, minutes), time: aboutClock(at, stage.time_zone) });
    text = [when, sayCount("turn.before", count)].filter(Boolean).join(" ");
  }
  write(turn, text);
  turn.hidden = !text;
}

panel.start();
feed.start();
keepAwake();
setUpFullScreen();
