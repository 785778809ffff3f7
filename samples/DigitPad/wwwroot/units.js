// The hidden units: pictures of their weights, their activations, and what each says about the digits.
// Colours: blue for positive weights and digits that a unit speaks for, orange for the opposite (docs/reporting.md, "Colours").

const element = id => document.getElementById(id);
const FULL_COLOUR = 0.995;         // as in the report: the fraction of weights below the full colour; a few are far larger
const MOVES = { ArrowLeft: -1, ArrowRight: 1 };

export class Units {
  #effects;                        // [unit][digit]
  #neverLearned;                   // [unit]; null where it wasn't measured
  #weights;                        // [unit * 784 + pixel]
  #limit;
  #tiles;
  #activations = [];
  #chosen = null;

  constructor({ hiddenUnits, hiddenWeights, hiddenScales, effects, neverLearned }) {
    this.#effects = effects;
    this.#neverLearned = neverLearned;
    this.#weights = Float32Array.from(Int8Array.from(atob(hiddenWeights), c => c.charCodeAt(0)),
      (weight, i) => weight / 127 * hiddenScales[Math.floor(i / 784)]);
    const sizes = this.#weights.map(Math.abs).sort();
    this.#limit = Math.max(sizes[Math.floor(FULL_COLOUR * (sizes.length - 1))], Number.MIN_VALUE);
    this.#tiles = Array.from({ length: hiddenUnits }, (_, unit) => this.#tile(unit));
    element("unit").hidden = false;
    element("units").replaceChildren(...this.#tiles.map(({ item }) => item));
    const count = neverLearned?.filter(never => never).length ?? 0;
    element("never-learned").textContent = count === 0 ? "" : `${count} of ${hiddenUnits} never learned: they change no prediction of the test digits.`;
    this.show([]);
  }

  show(activations) {
    this.#activations = activations;
    element("units").classList.toggle("drawn", activations.length > 0);
    const most = Math.max(...activations, 1e-9);
    this.#tiles.forEach(({ item, button, level }, unit) => {
      const value = activations[unit] ?? 0;
      item.classList.toggle("fires", value > 0);
      level.style.transform = `scaleX(${Math.max(0, value / most)})`;
      button.setAttribute("aria-label", this.#sentence(unit));
    });
    this.#showTitle();
  }

  #tile(unit) {
    const item = document.createElement("li"), button = document.createElement("button"), canvas = document.createElement("canvas"),
      level = document.createElement("span");
    button.type = "button";
    button.tabIndex = unit === 0 ? 0 : -1;
    canvas.className = "weights";
    canvas.width = canvas.height = 28;
    level.className = "level";
    button.append(canvas, level);
    this.#paint(canvas, unit);
    if (this.#neverLearned?.[unit]) {
      const label = document.createElement("span");
      label.className = "never";
      label.textContent = "never learned";
      button.append(label);
      item.classList.add("never-learned");
    }

    for (const event of ["pointerenter", "focus", "click"]) button.addEventListener(event, () => this.#choose(unit));
    button.addEventListener("keydown", e => this.#key(e, unit));
    item.append(button);
    return { item, button, level };
  }

  // One stop of the tabulator key for all units; the arrow keys move among them.
  #key(e, unit) {
    const columns = getComputedStyle(element("units")).gridTemplateColumns.split(" ").length, last = this.#tiles.length - 1;
    const to = { ...Object.fromEntries(Object.entries(MOVES).map(([key, step]) => [key, unit + step])),
      ArrowUp: unit - columns, ArrowDown: unit + columns, Home: 0, End: last }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    if (to >= 0 && to <= last) this.#tiles[to].button.focus();
  }

  #choose(unit) {
    if (this.#chosen !== null) this.#tiles[this.#chosen].item.classList.remove("chosen");
    this.#tiles.forEach(({ button }, other) => { button.tabIndex = other === unit ? 0 : -1; });
    this.#chosen = unit;
    this.#tiles[unit].item.classList.add("chosen");
    this.#showTitle();
    element("unit-picture").hidden = false;
    this.#paint(element("unit-picture"), unit);
    element("unit-picture").setAttribute("aria-label", `Weights of unit ${unit}`);
    const largest = Math.max(...this.#effects.flat().map(Math.abs), Number.MIN_VALUE);
    element("unit-digits").replaceChildren(...this.#order(unit).map(digit => {
      const effect = this.#effects[unit][digit], row = document.createElement("li");
      row.className = effect < 0 ? "against" : "for";
      row.innerHTML = `<span>${digit}</span><span class="track"><span class="fill"></span></span><span class="effect"></span>`;
      row.querySelector(".fill").style.width = `${50 * Math.abs(effect) / largest}%`;
      row.querySelector(".effect").textContent = `${effect < 0 ? "−" : "+"}${Math.abs(effect).toFixed(2)}`;
      return row;
    }));
  }

  #showTitle() {
    if (this.#chosen !== null) element("unit-title").textContent = this.#sentence(this.#chosen);
  }

  #sentence(unit) {
    if (this.#neverLearned?.[unit]) return `Unit ${unit} never learned: it changes no prediction of the test digits`;
    const order = this.#order(unit), effects = this.#effects[unit], value = this.#activations[unit] ?? 0;
    const raised = order.slice(0, 2).filter(digit => effects[digit] > 0), lowered = order.slice(-2).reverse().filter(digit => effects[digit] < 0);
    const words = [raised.length > 0 ? `for ${raised.join(" and ")}` : "", lowered.length > 0 ? `against ${lowered.join(" and ")}` : ""];
    return `Unit ${unit}${value > 0 ? `, active with ${value.toFixed(2)},` : ""} speaks ${words.filter(text => text).join(", ")}`;
  }

  #order(unit) { return [...Array(10).keys()].sort((a, b) => this.#effects[unit][b] - this.#effects[unit][a]); }

  // Transparent at 0, so that one picture serves light and dark screens.
  #paint(canvas, unit) {
    const style = getComputedStyle(document.documentElement), context = canvas.getContext("2d"), image = context.createImageData(28, 28);
    const [positive, negative] = ["--positive", "--negative"].map(name => rgb(style.getPropertyValue(name)));
    for (let i = 0; i < 784; i++) {
      const weight = this.#weights[unit * 784 + i];
      image.data.set([...(weight < 0 ? negative : positive), Math.round(255 * Math.min(1, Math.abs(weight) / this.#limit))], 4 * i);
    }

    context.putImageData(image, 0, 0);
  }
}

const rgb = hex => [1, 3, 5].map(i => parseInt(hex.trim().slice(i, i + 2), 16));
