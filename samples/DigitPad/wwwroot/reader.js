// Asks the server. One question is under way at most, and the newest drawing waits: answers come in order, and none is shown for a drawing that is gone.

const PAUSE = 40;                  // milliseconds between two questions

export class Reader {
  #waiting = null;                 // makes the next picture
  #isBusy = false;
  #generation = 0;
  #show;
  #fail;

  constructor(show, fail) {
    this.#show = show;
    this.#fail = fail;
  }

  // Whether there is a newer drawing than the one that is being answered.
  get isBehind() { return this.#waiting !== null; }

  ask(picture) {
    this.#waiting = picture;
    this.#run();
  }

  forget() {
    this.#waiting = null;
    this.#generation++;
  }

  async #run() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#waiting) {
      const generation = this.#generation, picture = this.#waiting;
      this.#waiting = null;
      try {
        const answer = await json("predict?explain=true", { method: "POST", headers: { "Content-Type": "image/png" }, body: await picture() });
        if (generation === this.#generation) this.#show(answer);
      } catch (e) {
        if (generation === this.#generation) this.#fail(e);
        if (e.retryAfter) {
          this.#waiting ??= generation === this.#generation ? picture : null;
          await pause(e.retryAfter * 1000);
        }
      }

      await pause(PAUSE);
    }

    this.#isBusy = false;
  }
}

export const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

const PATIENCE = 10_000;           // milliseconds after which a server that accepts connections but doesn't answer counts as gone

// The answer's JSON, or an Error with the problem's own words; isGone says that there was no answer at all.
export async function json(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw Object.assign(new Error("The server doesn't answer."), { isGone: true });
  }

  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw Object.assign(new Error(problem.detail ?? `The server answered ${response.status}.`), { retryAfter: Number(response.headers.get("Retry-After")) });
}
