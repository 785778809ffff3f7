// The answer card: the prediction, and everything that is in the way of one. It shows one state at a time.

const element = id => document.getElementById(id);
const percent = probability => `${Math.round(probability * 100)} %`;

export class Answer {
  #rows = Array.from({ length: 10 }, (_, digit) => {
    const row = document.createElement("li");
    row.innerHTML = `<span>${digit}</span><span class="track"><span class="fill"></span></span><span class="percent">0 %</span>`;
    element("bars").append(row);
    return { row, fill: row.querySelector(".fill"), percent: row.querySelector(".percent") };
  });

  #speaking;

  showNothing() {
    this.#set("empty", "–", "draw something");
    this.#showBars(new Array(10).fill(0), null);
    this.#speak("");
  }

  // isJudged: whether to say so if the drawing doesn't look like a digit.
  show({ digit, probabilities, looksLikeDigit, reason }, isJudged) {
    this.#showBars(probabilities, digit);
    if (isJudged && looksLikeDigit === false) {
      this.#set("refused", "?", "doesn't look like a digit");
      element("reason").textContent = `${reason} The network knows only the ten digits; ${digit} comes nearest.`;
      element("reason").hidden = false;
      this.#speak("This doesn't look like a digit");
    } else {
      this.#set("answered", digit, `${percent(probabilities[digit])} sure`);
      this.#speak(`${digit}, ${Math.round(probabilities[digit] * 100)} percent sure`);
    }
  }

  showTraining({ phase, epoch, epochs, accuracy, message }) {
    this.#set("loading", "–", phase === "training" ? "the network is being trained" : "the model is being loaded");
    const progress = element("training-progress");
    element("training").hidden = false;
    if (epochs > 0) {
      progress.max = epochs;
      progress.value = epoch;
    } else {
      progress.removeAttribute("value");
    }

    element("training-message").textContent =
      accuracy === null ? message : `${message} It recognizes ${(accuracy * 100).toFixed(1)} % of them correctly.`;
  }

  showProblem(title, message) {
    this.#set("failed", "–", title);
    this.#note([message]);
  }

  // The command has this page's port: only there will the page find the server again.
  showGone() {
    if (element("answer").dataset.state === "gone") return;
    this.#set("gone", "–", "the server doesn't answer");
    const command = document.createElement("code");
    command.textContent = `dotnet run -c Release --project samples/DigitPad${location.port === "5080" ? "" : ` -- --port ${location.port}`}`;
    this.#note([`The server at ${location.origin} doesn't answer. Start it again:`, command,
      "This page reconnects when the server is back, and your drawing stays."]);
  }

  #set(state, digit, certainty) {
    element("answer").dataset.state = state;
    element("digit").textContent = digit;
    element("certainty").textContent = certainty;
    element("training").hidden = element("reason").hidden = element("note").hidden = true;
  }

  #note(parts) {
    const note = element("note");
    note.hidden = false;
    note.replaceChildren(...parts.map(part => {
      const line = document.createElement("p");
      line.append(part);
      return line;
    }));
    this.#speak("");
  }

  #showBars(probabilities, best) {
    this.#rows.forEach((row, digit) => {
      row.fill.style.transform = `scaleX(${probabilities[digit]})`;
      row.percent.textContent = percent(probabilities[digit]);
      row.row.classList.toggle("best", digit === best);
    });
  }

  // For screen readers: only when the drawing rests, so that they can finish a sentence.
  #speak(text) {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => { element("spoken").textContent = text; }, 700);
  }
}
