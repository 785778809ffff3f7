import { Answer } from "./answer.js";
import { Connection } from "./connection.js";
import { Pad } from "./pad.js";
import { Reader, json } from "./reader.js";
import { showSeen } from "./seen.js";
import { Units } from "./units.js";

const element = id => document.getElementById(id);
const answer = new Answer();
let units = null;
let isReady = false;               // whether the server has a model, as far as this page knows

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
showSeen(null);
const connection = new Connection(follow, lose);

// The server's state has come. After a time without the server, its model may be another one, so it is loaded again.
async function follow(state) {
  if (state.phase === "ready") {
    if (isReady) return;
    units = new Units(await json("model"));
    showAccuracy(state);
    setReady(true);
    answer.showNothing();
    changed();
  } else {
    setReady(false);
    if (state.phase === "failed") answer.showProblem("There is no model", state.message);
    else answer.showTraining(state);
  }
}

// There is no state to follow. The drawing stays, and is answered once the server is back.
function lose(error) {
  setReady(false);
  if (error.isGone) answer.showGone();
  else answer.showProblem("The model can't be shown", error.message);
}

function setReady(value) {
  isReady = value;
  if (value) document.body.dataset.ready = "true";
  else delete document.body.dataset.ready;
}

function showAccuracy({ testAccuracy, testDigits, message }) {
  element("accuracy").hidden = false;
  element("accuracy").textContent = testAccuracy === null
    ? `Test accuracy: unknown. ${message}`
    : `Test accuracy: ${(testAccuracy * 100).toFixed(2)} % of the ${testDigits.toLocaleString("en")} test digits.`;
}

function changed() {
  const isEmpty = pad.strokes.isEmpty;
  element("undo").disabled = element("clear").disabled = isEmpty;
  element("pad-hint").hidden = !isEmpty;
  if (isEmpty) {
    reader.forget();
    delete document.body.dataset.answered;
    if (isReady) answer.showNothing();
    showSeen(null);
    units?.show([]);
  } else {
    document.body.dataset.answered = "false";
    if (isReady) reader.ask(() => pad.strokes.picture());
  }
}

function show(prediction) {
  // An unfinished digit often looks like none; the judgement waits until the pen is up and the whole drawing is answered.
  answer.show(prediction, !pad.isDrawing && !reader.isBehind);
  showSeen(prediction.pixels);
  units.show(prediction.hidden);
  document.body.dataset.answered = String(!reader.isBehind);
}

function fail(error) {
  if (error.isGone) connection.check();
  else answer.showProblem("This drawing has no answer", error.message);
}
