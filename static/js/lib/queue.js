// A list that is sorted by hand: dragged by its grips, moved with Up, Down, Home and End on a grip, or with buttons.
//
// <ol class="queue" start="12">                              numbers begin with `start`
//   <li data-id="7" data-name="Cy">                          a row; `data-fixed` on one that stays where it is
//     <button data-grip>, <b data-place>12</b>, <button data-move="up">, <button data-move="down">
// <p role="status" data-queue-said></p>                      where moves are announced
//
// Words of the page: queue.moved ({name}, {place}, {last}), queue.end ({name}), queue.kept ({name}).
import { say } from "./words.js";

const EDGE = 72; // so near to the edge of the window the page scrolls along
const SPEED = 12;
const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

export class Queue {
  #lifted = null; // {row, grip, pointer, held, before, y}

  /** @param onOrder called with (ids, id of the moved row, its place from `start`) whenever the order has changed */
  constructor(list, { said, onOrder }) {
    Object.assign(this, { list, said, onOrder });
    list.addEventListener("pointerdown", (event) => this.#lift(event));
    list.addEventListener("pointermove", (event) => this.#follow(event));
    list.addEventListener("pointerup", (event) => this.#drop(event, true));
    list.addEventListener("pointercancel", (event) => this.#drop(event, false));
    list.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("click", (event) => this.#press(event));
    list.classList.add("is-sortable");
    this.number();
  }

  /** Whether a row is in the hand: do not draw the list anew meanwhile. */
  get isLifted() {
    return this.#lifted !== null;
  }

  /** The ids as they stand. */
  get order() {
    return this.#rows().map((row) => row.dataset.id);
  }

  /** Write places and shut the buttons at both ends; call it after drawing rows. */
  number() {
    this.#rows().forEach((row, index) => {
      row.querySelector("[data-place]").textContent = this.list.start + index;
      for (const [way, step] of [["up", -1], ["down", 1]]) {
        const button = row.querySelector(`[data-move="${way}"]`);
        if (button) button.disabled = !this.#neighbour(row, step);
      }
    });
  }

  #rows() {
    return [...this.list.children].filter((row) => row.dataset.id);
  }

  /** The row that would make room; none at the ends, and none beside a row that stays. */
  #neighbour(row, step) {
    const rows = this.#rows();
    const other = rows[rows.indexOf(row) + step];
    return other && !("fixed" in other.dataset) ? other : null;
  }

  /** One place up or down. The other row moves: what is dragged or has the focus stays in the page. */
  #step(row, step) {
    const other = this.#neighbour(row, step);
    if (other) row[step < 0 ? "after" : "before"](other);
    return Boolean(other);
  }

  #move(row, steps) {
    const before = this.order;
    for (let left = Math.abs(steps); left > 0 && this.#step(row, Math.sign(steps)); left -= 1);
    this.#settle(row, before);
  }

  #settle(row, before) {
    const { id, name } = row.dataset;
    const place = this.list.start + this.#rows().indexOf(row);
    const isMoved = this.order.join() !== before.join();
    this.number();
    this.said.textContent = isMoved
      ? say("queue.moved", { name, place, last: this.list.start + this.#rows().length - 1 })
      : say("queue.end", { name });
    if (isMoved) this.onOrder(this.order, id, place);
  }

  #key(event) {
    if (event.key === "Escape" && this.#lifted) this.#drop(event, false);
    const row = event.target.closest("[data-grip]")?.closest("[data-id]");
    if (!row || this.#lifted || !(event.key in STEPS)) return;
    event.preventDefault();
    this.#move(row, STEPS[event.key]);
    row.scrollIntoView({ block: "nearest" });
  }

  #press(event) {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-id]");
    this.#move(row, button.dataset.move === "up" ? -1 : 1);
    (button.disabled ? row.querySelector("[data-grip]") : button).focus();
  }

  #lift(event) {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0 || this.#lifted) return;
    const row = grip.closest("[data-id]");
    grip.setPointerCapture(event.pointerId);
    grip.focus();
    const held = event.clientY - row.getBoundingClientRect().top;
    this.#lifted = { row, grip, pointer: event.pointerId, held, before: this.order, y: event.clientY };
    row.classList.add("is-lifted");
    requestAnimationFrame(() => this.#scroll());
  }

  #follow(event) {
    if (event.pointerId !== this.#lifted?.pointer) return;
    this.#lifted.y = event.clientY;
    this.#place();
  }

  /** Let rows make room as the pointer passes their middle, and draw the row under the pointer. */
  #place() {
    const { row, held, y } = this.#lifted;
    const isPast = (step) => {
      const other = this.#neighbour(row, step)?.getBoundingClientRect();
      return other && (y - other.top - other.height / 2) * step > 0;
    };
    for (const step of [-1, 1]) while (isPast(step)) this.#step(row, step);
    row.style.setProperty("--lift", "0px");
    row.style.setProperty("--lift", `${y - held - row.getBoundingClientRect().top}px`);
  }

  #scroll() {
    if (!this.#lifted) return;
    const { y } = this.#lifted;
    const way = y < EDGE ? -1 : y > window.innerHeight - EDGE ? 1 : 0;
    const before = window.scrollY;
    if (way) window.scrollBy({ top: way * SPEED, behavior: "instant" });
    if (window.scrollY !== before) this.#place();
    requestAnimationFrame(() => this.#scroll());
  }

  #drop(event, isMeant) {
    if (!this.#lifted || (event.pointerId ?? this.#lifted.pointer) !== this.#lifted.pointer) return;
    const { row, before } = this.#lifted;
    this.#lifted = null;
    row.classList.remove("is-lifted");
    row.style.removeProperty("--lift");
    if (isMeant && this.order.join() !== before.join()) return this.#settle(row, before);
    if (!isMeant) this.#putBack(row, before);
  }

  #putBack(row, before) {
    const way = before.indexOf(row.dataset.id) < this.order.indexOf(row.dataset.id) ? -1 : 1;
    while (this.order.join() !== before.join() && this.#step(row, way));
    this.said.textContent = say("queue.kept", { name: row.dataset.name });
  }
}
