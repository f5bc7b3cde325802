// One round on the audience's page: its clock, applause for who is on or just was, who comes when, who has been.
import { hasApplauded, sendApplause } from "./applause.js";
import { drawRows } from "./stage-lists.js";
import { StagePanel, write } from "./stage-panel.js";
import { feedOf } from "./stage-setup.js";
import { aboutClock, comingOf, expectedAt, lateMinutes, namesOf, talkOf, wallClock } from "./stage-view.js";
import { say } from "./words.js";

/** /t/abc123/ is the page of the talk with the code abc123. */
function codeOf(talk) {
  return talk.url.split("/").filter(Boolean).pop();
}

function isOn(stage) {
  return stage.state === "on" || stage.state === "paused";
}

/** Who has been on, the latest first. */
function doneOf(stage) {
  return stage.talks.filter((one) => one.state === "given").sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
}

function lateWords(stage, late) {
  if (["ready", "finished"].includes(stage.state)) return "";
  return say(late > 0 ? "late.late" : late < 0 ? "late.early" : "late.onTime", { minutes: Math.abs(late) });
}

export class LiveRound {
  #drawn = "";
  #version = -1;

  /** @param root its section, @param onLink("stream" | "polling" | "offline"), @param onChange() when the page around
   * the round has to be asked again: somebody else is on, or the programme changed. */
  constructor(root, { onLink, onChange }) {
    Object.assign(this, { root, onChange, slides: this.#slidesIn(document, root) });
    this.feed = feedOf(root, { onStage: () => this.panel.draw(), onLink, onSchedule: onChange });
    this.#version = this.feed.stage.version;
    this.panel = new StagePanel(root, this.feed, (light, now) => this.#draw(now));
    this.clap = this.#part("clap");
    this.clap.addEventListener("submit", (event) => this.#applaud(event));
  }

  start() {
    this.panel.start();
    this.feed.start();
  }

  /** Slides come out as talks begin; which are is known to the page alone. */
  takeSlides(fresh) {
    this.slides = this.#slidesIn(fresh, this.root);
    this.#drawn = "";
    this.panel.draw();
  }

  #slidesIn(page, { dataset }) {
    return JSON.parse(page.getElementById(dataset.decks).textContent);
  }

  #part(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  /** Once a second, but written only when something other than the clock has changed. */
  #draw(now) {
    const { stage } = this.feed;
    const late = lateMinutes(stage, now);
    const is = JSON.stringify([stage, late]);
    if (is === this.#drawn) return;
    this.#drawn = is;
    write(this.#part("late"), lateWords(stage, late));
    const done = doneOf(stage);
    this.#drawClap(isOn(stage) ? talkOf(stage) : (done[0] ?? null));
    this.#drawList("coming", comingOf(stage), (row, talk) => {
      const at = expectedAt(stage, talk, now);
      write(row.querySelector("[data-at]"), at === null ? "" : say("about", { time: aboutClock(at, stage.time_zone) }));
    });
    this.#drawList("done", done, (row, talk) => this.#drawDone(row, talk, stage.time_zone));
    if (stage.version !== this.#version) {
      this.#part("done-part").open ||= stage.state === "finished";
      this.onChange();
    }
    this.#version = stage.version;
  }

  #drawList(name, talks, fill) {
    this.#part(`${name}-part`).hidden = !talks.length;
    drawRows(this.#part(name), this.#part(`${name}-template`), talks, (row, talk) => {
      row.querySelector("[data-link]").href = talk.url;
      fill(row, talk);
    });
  }

  #drawDone(row, talk, zone) {
    write(row.querySelector("[data-at]"), talk.started_at ? wallClock(Date.parse(talk.started_at), zone) : "");
    row.querySelector("[data-applause]").href = `${talk.url}#applause`;
    this.#point(row.querySelector("[data-slides]"), this.slides[talk.id]);
  }

  #point(link, address) {
    link.hidden = !address;
    if (address) link.href = address;
  }

  #drawClap(talk) {
    this.#part("do").hidden = !talk;
    if (!talk) return;
    this.#point(this.#part("deck"), this.slides[talk.id]);
    this.#part("talk").href = talk.url;
    write(this.#part("talk"), say("aboutTalk", { name: namesOf(talk) }));
    if (this.clap.dataset.clap !== codeOf(talk)) this.#part("clap-problem").hidden = true;
    this.clap.dataset.clap = codeOf(talk);
    this.clap.action = `${talk.url}applause/`;
    const button = this.clap.querySelector("button");
    button.disabled = hasApplauded(codeOf(talk));
    write(button, button.disabled ? say("clapped") : say("clap", { name: namesOf(talk) }));
  }

  async #applaud(event) {
    event.preventDefault();
    const [problem, button] = [this.#part("clap-problem"), this.clap.querySelector("button")];
    problem.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      await sendApplause(this.clap.action, this.clap.dataset.clap);
    } catch (error) {
      const isUnheard = error instanceof TypeError || error instanceof SyntaxError;
      problem.textContent = isUnheard ? say("notClapped") : error.message;
      problem.hidden = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
    this.#drawn = "";
    this.panel.draw();
  }
}
