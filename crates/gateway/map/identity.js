// As whom the map is asked for: the public, a role of the demo, or whoever's key was pasted.
//
// The key is kept for this tab alone, so that a reload does not lose it, and goes with it. Of a role of the demo the name is
// kept, since its key changes at each start.

import { byId, el } from "../page/dom.js";
import { t } from "../page/i18n.js";

const KEY = "yulin.map.key";
const REST_MS = 500;
const OWN = "own";
/** The role of a demo that a visitor starts as. */
const FIRST_ROLE = "PLANNER";
const ROLE_MARK = "role ";

export class Identity {
  #timer = 0;

  /** `tokens` are those of a demo, [{ role, token }]; `onChange()` is told when another key counts. */
  constructor(tokens, storage, onChange) {
    Object.assign(this, { tokens, storage, onChange });
    this.key = this.#keyOf(kept(storage) ?? ROLE_MARK + FIRST_ROLE);
    this.field = byId("key");
    this.roles = byId("role");
    this.field.value = this.key;
    this.field.addEventListener("input", () => this.#later());
    this.roles.addEventListener("change", () => this.#takeRole());
  }

  write() {
    byId("role-field").hidden = this.tokens.length === 0;
    const nobody = el("option", { value: "" }, t("mapRoleNobody"));
    const known = this.tokens.map(({ role, token }) => el("option", { value: token }, role));
    const own = el("option", { value: OWN }, t("roleOwn"));
    this.roles.replaceChildren(nobody, ...known, own);
    this.#showRole();
  }

  #keyOf(text) {
    if (!text.startsWith(ROLE_MARK)) return text;
    return this.tokens.find(({ role }) => ROLE_MARK + role === text)?.token ?? "";
  }

  #showRole() {
    const known = this.key === "" || this.tokens.some(({ token }) => token === this.key);
    this.roles.value = known ? this.key : OWN;
  }

  #takeRole() {
    const own = this.roles.value === OWN;
    this.field.value = own ? "" : this.roles.value;
    if (own) this.field.focus();
    else this.#take();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#take(), REST_MS);
  }

  #take() {
    this.key = this.field.value.trim();
    try {
      const role = this.tokens.find(({ token }) => token === this.key)?.role;
      this.storage?.setItem(KEY, role ? ROLE_MARK + role : this.key);
    } catch {
      // A full or forbidden storage only means that a reload forgets the key.
    }
    this.#showRole();
    this.onChange();
  }
}

function kept(storage) {
  try {
    return storage?.getItem(KEY) ?? null;
  } catch {
    return null;
  }
}
