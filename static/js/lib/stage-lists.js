// The lists of a stage's screens: the ruler of all places, and who comes next.
import { markLong, write, writeForeign } from "./stage-panel.js";
import { cellsOf, namesOf, talkOf, titleOf } from "./stage-view.js";

/** One cell for each place; the one that is on carries its number. */
export function drawRuler(ruler, stage) {
  const cells = cellsOf(stage);
  while (ruler.children.length > cells.length) ruler.lastElementChild.remove();
  while (ruler.children.length < cells.length) ruler.append(document.createElement("li"));
  cells.forEach((word, index) => {
    ruler.children[index].className = word && `is-${word}`;
    write(ruler.children[index], word === "now" ? String(talkOf(stage).slot) : "");
  });
}

/** Rows out of `template` with data-no, data-name and data-title; `fill(row, talk)` adds what a page shows besides. */
export function drawRows(list, template, talks, fill = () => {}) {
  while (list.children.length > talks.length) list.lastElementChild.remove();
  while (list.children.length < talks.length) list.append(template.content.cloneNode(true));
  talks.forEach((talk, index) => {
    const row = list.children[index];
    write(row.querySelector("[data-no]"), String(talk.slot ?? ""));
    const name = row.querySelector("[data-name]");
    writeForeign(name, namesOf(talk));
    markLong(name, namesOf(talk));
    writeForeign(row.querySelector("[data-title]"), titleOf(talk));
    fill(row, talk);
  });
}
