// One notice over the map: what is being waited for or what went wrong, and trying again when its time has come.

export class Notice {
  #timer = 0;

  constructor(host) {
    this.host = host;
  }

  /** Says a text; after `seconds`, where there are any, it is taken back and `again` is called. */
  say(text, seconds = null, again = null) {
    clearTimeout(this.#timer);
    this.host.textContent = text;
    this.host.hidden = false;
    if (seconds !== null && again) this.#timer = setTimeout(() => this.#retry(again), 1000 * seconds);
  }

  /** Takes back what is said; where a text is given, only that one. */
  clear(text = this.host.textContent) {
    if (this.host.textContent !== text) return;
    clearTimeout(this.#timer);
    this.host.hidden = true;
  }

  #retry(again) {
    this.clear();
    again();
  }
}
