// What is shown of an answer.

const element = id => document.getElementById(id);

export class Bars {
  #rows;

  constructor() {
    this.#rows = Array.from({ length: 10 }, (_, digit) => {
      const row = document.createElement("li");
      row.innerHTML = `<span>${digit}</span><span class="track"><span class="fill"></span></span><span class="percent">0 %</span>`;
      element("bars").append(row);
      return { row, fill: row.querySelector(".fill"), percent: row.querySelector(".percent") };
    });
  }

  show(probabilities, best) {
    this.#rows.forEach(({ row, fill, percent }, digit) => {
      fill.style.transform = `scaleX(${probabilities[digit]})`;
      percent.textContent = `${Math.round(probabilities[digit] * 100)} %`;
      row.classList.toggle("best", digit === best);
    });
  }
}

export function showVerdict(digit, probability) {
  element("digit").textContent = digit ?? "–";
  element("certainty").textContent = digit === null ? "draw something" : `${Math.round(probability * 100)} % sure`;
}

let speaking;
// For screen readers: once the drawing rests, or they would never get to the end of a sentence.
export function speak(text) {
  clearTimeout(speaking);
  speaking = setTimeout(() => { element("spoken").textContent = text; }, 700);
}

export function showSeen(pixels) {
  const context = element("seen").getContext("2d"), image = context.createImageData(28, 28);
  for (let i = 0; i < 784; i++) image.data.set([pixels?.[i] ?? 0, pixels?.[i] ?? 0, pixels?.[i] ?? 0, 255], 4 * i);
  context.putImageData(image, 0, 0);
  element("seen").setAttribute("aria-label", pixels ? "The digit, white on black, in 28 by 28 pixels" : "Nothing yet");
}

export class Units {
  #tiles;
  #weights;

  constructor({ hiddenUnits, hiddenWeights }) {
    this.#weights = Int8Array.from(atob(hiddenWeights), c => c.charCodeAt(0));
    this.#tiles = Array.from({ length: hiddenUnits }, (_, unit) => {
      const tile = document.createElement("li"), canvas = document.createElement("canvas"), level = document.createElement("span");
      canvas.width = canvas.height = 28;
      canvas.setAttribute("role", "img");
      level.className = "level";
      tile.append(canvas, level);
      this.#label(tile, canvas, unit, 0);
      return { tile, canvas, level };
    });
    element("units").replaceChildren(...this.#tiles.map(t => t.tile));
    this.paint();
  }

  // Again when the colours change.
  paint() {
    const style = getComputedStyle(document.documentElement);
    const [plus, minus, ground] = ["--plus", "--minus", "--track"].map(name => rgb(style.getPropertyValue(name)));
    this.#tiles.forEach(({ canvas }, unit) => {
      const context = canvas.getContext("2d"), image = context.createImageData(28, 28);
      for (let i = 0; i < 784; i++) {
        const weight = this.#weights[unit * 784 + i] / 127, share = Math.sqrt(Math.abs(weight)), colour = weight > 0 ? plus : minus;
        image.data.set([0, 1, 2].map(c => ground[c] + share * (colour[c] - ground[c])).concat(255), 4 * i);
      }

      context.putImageData(image, 0, 0);
    });
  }

  show(activations) {
    const most = Math.max(...activations, 1e-9);
    this.#tiles.forEach(({ tile, canvas, level }, unit) => {
      const value = activations[unit] ?? 0;
      tile.classList.toggle("fires", value > 0);
      level.style.transform = `scaleX(${Math.max(0, value / most)})`;
      this.#label(tile, canvas, unit, value);
    });
  }

  #label(tile, canvas, unit, value) {
    tile.title = `Unit ${unit + 1}: ${value.toFixed(2)}`;
    canvas.setAttribute("aria-label", `Unit ${unit + 1}, ${value > 0 ? `fires with ${value.toFixed(2)}` : "silent"}`);
  }
}

const rgb = hex => [1, 3, 5].map(i => parseInt(hex.trim().slice(i, i + 2), 16));
