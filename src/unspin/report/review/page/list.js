// A list of which only the rows in sight exist, so that a hundred thousand scroll as smoothly as ten.

import { made } from "./parts.js";

const AHEAD = 8; // rows drawn above and below those in sight

/**
 * @param {HTMLElement} box scrolls; has the role "listbox".
 * @param {(item: number) => HTMLElement} draw makes the row of an item.
 * @param {(item: number) => void} choose is told which item was chosen.
 */
export class WindowedList {
  constructor(box, draw, choose) {
    this.box = box;
    this.draw = draw;
    this.choose = choose;
    this.items = [];
    this.at = -1; // place of the chosen item among them
    this.sheet = box.appendChild(made("div", "sheet"));
    this.row = parseFloat(getComputedStyle(box).getPropertyValue("--row")) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.waiting = false;
    box.addEventListener("scroll", () => this.later(), { passive: true });
    new ResizeObserver(() => this.later()).observe(box);
    box.addEventListener("click", (event) => {
      const row = event.target.closest("[data-place]");
      if (row) this.go(Number(row.dataset.place));
    });
  }

  /** Show other items; the chosen one stays where it is among them, or the next one is chosen. */
  show(items, item) {
    this.items = items;
    this.sheet.style.height = `${items.length * this.row}px`;
    const place = items.indexOf(item);
    this.go(place >= 0 ? place : Math.min(Math.max(this.at, 0), items.length - 1));
  }

  go(place) {
    this.at = this.items.length ? Math.min(Math.max(place, 0), this.items.length - 1) : -1;
    if (this.at >= 0) {
      const top = this.at * this.row;
      if (top < this.box.scrollTop) this.box.scrollTop = top;
      else if (top + this.row > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top + this.row - this.box.clientHeight;
    }
    this.render();
    this.choose(this.at >= 0 ? this.items[this.at] : -1);
  }

  later() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.render(); });
  }

  render() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / this.row) - AHEAD);
    const last = Math.min(this.items.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / this.row) + AHEAD);
    const rows = [];
    for (let place = first; place < last; place += 1) {
      const row = this.draw(this.items[place]);
      row.id = `row${place}`;
      row.dataset.place = place;
      row.style.top = `${place * this.row}px`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-setsize", this.items.length);
      row.setAttribute("aria-posinset", place + 1);
      row.setAttribute("aria-selected", String(place === this.at));
      rows.push(row);
    }
    this.sheet.replaceChildren(...rows);
    if (this.at >= first && this.at < last) this.box.setAttribute("aria-activedescendant", `row${this.at}`);
    else this.box.removeAttribute("aria-activedescendant");
  }
}
