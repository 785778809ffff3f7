// The pad: pointer and keyboard in, strokes on a canvas out.

import { Strokes } from "./strokes.js";

const STEP = 1 / 28;               // of the pad's side, for one press of an arrow key

export class Pad {
  strokes = new Strokes();
  #canvas;
  #changed;
  #pointer = null;                 // the pointer that draws; a second finger is ignored
  #cursor = null;                  // where the keyboard's pen is
  #penIsDown = false;

  constructor(canvas, changed) {
    this.#canvas = canvas;
    this.#changed = changed;
    canvas.addEventListener("pointerdown", e => this.#down(e));
    canvas.addEventListener("pointermove", e => this.#move(e));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(end, e => { if (e.pointerId === this.#pointer) { this.#pointer = null; this.#changed(); } });
    }

    // Else a stroke that ends at speed is a fling to the browser, which takes the next tap, on "Clear" say, for its end.
    canvas.addEventListener("touchstart", e => e.preventDefault(), { passive: false });
    canvas.addEventListener("keydown", e => this.#key(e));
    canvas.addEventListener("blur", () => { this.#cursor = null; if (this.#penIsDown) { this.#penIsDown = false; this.#changed(); } this.#paint(); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint());
    new ResizeObserver(() => this.#paint()).observe(canvas);
  }

  // Whether the pen is down.
  get isDrawing() { return this.#pointer !== null || this.#penIsDown; }

  undo() { this.strokes.undo(); this.#lift(); }

  clear() { this.strokes.clear(); this.#lift(); }

  #lift() {
    this.#pointer = null;
    this.#penIsDown = false;
    this.#draw();
  }

  #down(e) {
    if (this.#pointer !== null || e.button !== 0) return;
    e.preventDefault();
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(e.pointerId);
    this.#pointer = e.pointerId;
    this.#cursor = null;
    this.#penIsDown = false;
    this.strokes.begin(...this.#place(e));
    this.#draw();
  }

  #move(e) {
    if (e.pointerId !== this.#pointer) return;
    // A pen reports more often than the page is painted; all of its points count.
    const events = e.getCoalescedEvents?.() ?? [];
    for (const event of events.length > 0 ? events : [e]) this.strokes.extend(...this.#place(event));
    this.#draw();
  }

  #place(e) {
    const box = this.#canvas.getBoundingClientRect();
    return [(e.clientX - box.left) / box.width, (e.clientY - box.top) / box.height];
  }

  #key(e) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (e.key === "Delete" || e.key === "Backspace") {
      this.clear();
    } else if (e.key === " ") {
      this.#cursor ??= { x: 0.5, y: 0.5 };
      this.#penIsDown = !this.#penIsDown;
      if (this.#penIsDown) this.strokes.begin(this.#cursor.x, this.#cursor.y);
      this.#draw();
    } else if (moves[e.key]) {
      const inside = v => Math.min(1 - STEP, Math.max(STEP, v));
      this.#cursor ??= { x: 0.5, y: 0.5 };
      this.#cursor = { x: inside(this.#cursor.x + STEP * moves[e.key][0]), y: inside(this.#cursor.y + STEP * moves[e.key][1]) };
      if (this.#penIsDown) this.strokes.extend(this.#cursor.x, this.#cursor.y);
      this.#penIsDown ? this.#draw() : this.#paint();
    } else {
      return;
    }

    e.preventDefault();
  }

  #draw() {
    this.#paint();
    this.#changed();
  }

  #paint() {
    const canvas = this.#canvas, side = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio)), style = getComputedStyle(canvas);
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, side, side);
    this.strokes.paint(context, side, style.getPropertyValue("--text"));
    if (this.#cursor) {
      context.beginPath();
      context.arc(this.#cursor.x * side, this.#cursor.y * side, side * 0.045, 0, 2 * Math.PI);
      context.lineWidth = side * 0.01;
      context.strokeStyle = style.getPropertyValue("--accent");
      if (this.#penIsDown) { context.fillStyle = context.strokeStyle; context.fill(); }
      context.stroke();
    }
  }
}
