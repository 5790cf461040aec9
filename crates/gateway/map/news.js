// Whether the registry has changed since: asked now and then, only while somebody looks.

/** Milliseconds between two questions. */
export const PERIOD_MS = 5_000;

export class News {
  #timer = 0;

  /** `look()` asks once and answers how many seconds to wait longer than usual, or null. */
  constructor(look) {
    this.look = look;
    document.addEventListener("visibilitychange", () => this.#again());
  }

  start() {
    this.#again();
  }

  #again() {
    clearTimeout(this.#timer);
    if (!document.hidden) this.#timer = setTimeout(() => this.#turn(), PERIOD_MS);
  }

  async #turn() {
    const wait = await this.look();
    clearTimeout(this.#timer);
    if (wait === null) this.#again();
    else this.#timer = setTimeout(() => this.#again(), 1000 * wait);
  }
}
