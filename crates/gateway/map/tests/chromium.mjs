// A Chromium without a window, spoken to over its debugging pipe, so that nothing has to be installed for it.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Drawn by the processor, so that it runs where there is no graphics card. */
const FLAGS = ["--headless=new", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--remote-debugging-pipe", "--no-first-run", "--disable-background-networking", "--hide-scrollbars"];
const ANSWER_MAX_MS = 30_000;
const STEP_MS = 100;

export class Chromium {
  #next = 1;
  #waiting = new Map();
  #read = "";
  #session = undefined;
  #listeners = [];

  /** Starts the program at `path` with a page of this size, and listens to everything the page says. */
  static async start(path, { width, height }) {
    const chromium = new Chromium();
    await chromium.#start(path);
    await chromium.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await chromium.send(`${domain}.enable`);
    return chromium;
  }

  async #start(path) {
    this.profile = mkdtempSync(join(tmpdir(), "yulin-map-"));
    // Chromium refuses its sandbox to root, as whom many builds run.
    const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const args = [...FLAGS, ...asRoot, `--user-data-dir=${this.profile}`, "about:blank"];
    this.child = spawn(path, args, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.once("error", (error) => this.#fail(error));
    this.child.once("exit", () => this.#fail(new Error("the browser ended")));
    this.child.stdio[4].setEncoding("utf8").on("data", (text) => this.#take(text));
    const { targetInfos } = await this.send("Target.getTargets");
    const { targetId } = targetInfos.find(({ type }) => type === "page");
    this.#session = (await this.send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
  }

  /** Calls `listener(method, params)` for everything that happens on the page. */
  listen(listener) {
    this.#listeners.push(listener);
  }

  /** Sends a command and answers its result. */
  send(method, params = {}) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} was not answered`)), ANSWER_MAX_MS);
      this.#waiting.set(id, { resolve, reject, timer });
      this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: this.#session })}\0`);
    });
  }

  /** The value of an expression on the page. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until an expression is true on the page; fails with `what` when it does not become so. */
  async until(expression, what, limitMs = 30_000) {
    const end = Date.now() + limitMs;
    while (!(await this.evaluate(expression))) {
      if (Date.now() > end) throw new Error(`${what}, waited for ${limitMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  }

  async click([x, y]) {
    for (const type of ["mousePressed", "mouseReleased"]) await this.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
  }

  async press(key) {
    for (const type of ["keyDown", "keyUp"]) await this.send("Input.dispatchKeyEvent", { type, key, code: key });
  }

  /** The page as a PNG in base64. */
  async picture() {
    return (await this.send("Page.captureScreenshot", { format: "png" })).data;
  }

  async end() {
    this.child.kill();
    await this.ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #take(text) {
    const parts = (this.#read + text).split("\0");
    this.#read = parts.pop();
    for (const { id, method, params, result, error } of parts.map((part) => JSON.parse(part))) {
      if (method) this.#listeners.forEach((listener) => listener(method, params));
      const waiting = this.#waiting.get(id);
      if (!waiting) continue;
      this.#waiting.delete(id);
      clearTimeout(waiting.timer);
      if (error) waiting.reject(new Error(error.message));
      else waiting.resolve(result);
    }
  }

  #fail(error) {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }
}
