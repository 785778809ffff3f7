import { Pad } from "./pad.js";
import { Reader, json, pause } from "./reader.js";
import { Bars, Units, showSeen, showVerdict, speak } from "./views.js";

const element = id => document.getElementById(id);
const bars = new Bars();
let units = null;

const reader = new Reader(show, fail);
const pad = new Pad(element("pad"), changed);
element("undo").addEventListener("click", () => pad.undo());
element("clear").addEventListener("click", () => { pad.clear(); element("pad").focus(); });
document.addEventListener("keydown", e => {
  if (e.key.toLowerCase() === "z" && (e.ctrlKey || e.metaKey) && !e.shiftKey) {
    e.preventDefault();
    pad.undo();
  }
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => units?.paint());
showSeen(null);
await start();

async function start() {
  try {
    for (;;) {
      const state = await json("training");
      if (state.phase === "ready") break;
      if (state.phase === "failed") throw new Error(`There is no model: ${state.message}`);
      showTraining(state);
      await pause(300);
    }

    units = new Units(await json("model"));
    element("training").hidden = true;
    element("error").hidden = true;
    document.body.dataset.ready = "true";
    changed();
  } catch (e) {
    fail(e.message);
  }
}

function showTraining({ epoch, epochs, accuracy, message }) {
  const progress = element("training-progress");
  element("training").hidden = false;
  if (epochs > 0) {
    progress.max = epochs;
    progress.value = epoch;
  }

  element("training-message").textContent = accuracy === null ? message : `${message} It recognizes ${(accuracy * 100).toFixed(1)} % of them correctly.`;
}

function changed() {
  const isEmpty = pad.strokes.isEmpty;
  element("undo").disabled = element("clear").disabled = isEmpty;
  element("pad-hint").hidden = !isEmpty;
  if (isEmpty) {
    reader.forget();
    delete document.body.dataset.answered;
    bars.show(new Array(10).fill(0), null);
    showVerdict(null);
    showSeen(null);
    units?.show([]);
    speak("");
  } else if (units) {
    document.body.dataset.answered = "false";
    reader.ask(() => pad.strokes.picture());
  }
}

function show({ digit, probabilities, pixels, hidden }) {
  element("error").hidden = true;
  bars.show(probabilities, digit);
  showVerdict(digit, probabilities[digit]);
  showSeen(pixels);
  units.show(hidden);
  speak(`${digit}, ${Math.round(probabilities[digit] * 100)} percent sure`);
  document.body.dataset.answered = String(!reader.isBehind);
}

function fail(message) {
  element("error").textContent = message;
  element("error").hidden = false;
}
