// Keeps in contact with the server: follows it until it has a model, and notices when it goes away and when it is back.

import { json, pause } from "./reader.js";

const FOLLOW = 300;                // milliseconds between two questions while the server loads or trains
const WATCH = 2000;                // while it has a model
const RETRY = 1000;                // while it doesn't answer

export class Connection {
  #follow;
  #lose;
  #wake = () => {};

  constructor(follow, lose) {
    this.#follow = follow;
    this.#lose = lose;
    this.#run();
  }

  // Asks now: a request has failed.
  check() { this.#wake(); }

  async #run() {
    for (;;) {
      let wait;
      try {
        const state = await json("training");
        await this.#follow(state);
        wait = state.phase === "ready" || state.phase === "failed" ? WATCH : FOLLOW;
      } catch (e) {
        this.#lose(e);
        wait = RETRY;
      }

      await Promise.race([pause(wait), new Promise(wake => { this.#wake = wake; })]);
    }
  }
}
