// What was drawn, as strokes in units of the pad's side, and how it is painted: on the pad, and on the picture that is sent.

const PEN = 0.075;                 // the pen on the pad
const PEN_OF_DIGIT = 0.11;         // the pen on the sent picture, in units of the digit's longer side: MNIST's strokes are some 2 of 20 pixels wide
const FINEST_PEN = 0.01;
export const SENT_SIDE = 280;

export class Strokes {
  #strokes = [];

  get isEmpty() { return this.#strokes.length === 0; }

  begin(x, y) { this.#strokes.push([{ x, y }]); }

  extend(x, y) { this.#strokes.at(-1)?.push({ x, y }); }

  undo() { this.#strokes.pop(); }

  clear() { this.#strokes = []; }

  paint(context, side, colour) {
    this.#paint(context, side, PEN * side, colour);
  }

  // A small digit gets a finer pen, else scaling it up to 20 pixels would make a blot of it.
  picture() {
    const canvas = new OffscreenCanvas(SENT_SIDE, SENT_SIDE);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, SENT_SIDE, SENT_SIDE);
    const box = { left: 1, top: 1, right: 0, bottom: 0 };
    for (const { x, y } of this.#strokes.flat()) {
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }

    const longer = Math.max(box.right - box.left, box.bottom - box.top);
    const pen = Math.min(PEN * 1.5, Math.max(FINEST_PEN, longer * PEN_OF_DIGIT));
    this.#paint(context, SENT_SIDE, pen * SENT_SIDE, "#000");
    return canvas.convertToBlob({ type: "image/png" });
  }

  #paint(context, side, pen, colour) {
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = pen;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of this.#strokes) {
      context.beginPath();
      if (stroke.length === 1) {
        context.arc(stroke[0].x * side, stroke[0].y * side, pen / 2, 0, 2 * Math.PI);
        context.fill();
        continue;
      }

      context.moveTo(stroke[0].x * side, stroke[0].y * side);
      // Through the middles of what was sampled: a fast hand gives few points, and corners between them weren't drawn.
      for (let i = 1; i < stroke.length - 1; i++) {
        const next = stroke[i + 1];
        context.quadraticCurveTo(stroke[i].x * side, stroke[i].y * side, (stroke[i].x + next.x) / 2 * side, (stroke[i].y + next.y) / 2 * side);
      }

      context.lineTo(stroke.at(-1).x * side, stroke.at(-1).y * side);
      context.stroke();
    }
  }
}
