// The schema reference: contents, a page a type, search, and a way back and forward through what was read.
//
// What it says is what introspection tells; nothing is written here by hand.

import { button, el, prose } from "./dom.js";
import { FOUND_MAX, searchSchema } from "./docs_search.js";
import { t } from "./i18n.js";
import { namedType, typeText } from "./schema.js";

const KINDS = ["OBJECT", "INTERFACE", "UNION", "INPUT_OBJECT", "ENUM", "SCALAR"];
/** Uses listed of a type at most. */
const USERS_MAX = 60;
const TRAIL_MAX = 200;

/** The reference in `host`; `onReload()` reads the schema again. */
export class Reference {
  constructor(host, onReload) {
    this.host = host;
    this.onReload = onReload;
    this.schema = null;
    this.notice = "referenceNone";
    // A stop is { type, name } of a type's page, or { type: null } of the contents.
    this.trail = [{ type: null }];
    this.at = 0;
    this.search = el("input", { type: "search", spellcheck: false, "data-t-label": "searchReference", "data-t-placeholder": "searchReference" });
    this.search.addEventListener("input", () => this.#drawBody());
    this.bar = el("div", { className: "doc-bar" });
    this.body = el("div", { className: "doc-body", tabIndex: 0 });
    host.append(this.bar, this.search, this.body);
  }

  /** Takes a schema, or null with the key of a notice instead. */
  take(schema, notice) {
    this.schema = schema;
    this.notice = notice ?? "referenceNone";
    this.draw();
  }

  /** Opens a type's page, at one of its fields or values when named. */
  open(type, name) {
    if (!this.schema?.type(type)) return;
    this.trail = [...this.trail.slice(0, this.at + 1), { type, name }].slice(-TRAIL_MAX);
    this.at = this.trail.length - 1;
    this.search.value = "";
    this.draw();
    this.#reveal();
  }

  draw() {
    this.bar.replaceChildren(
      button("←", () => this.#step(-1), { "aria-label": t("back"), title: t("back"), disabled: this.at === 0 }),
      button("→", () => this.#step(1), { "aria-label": t("forward"), title: t("forward"), disabled: this.at === this.trail.length - 1 }),
      button(t("home"), () => this.#home()),
      el("span", { className: "gap" }),
      button("↻", this.onReload, { "aria-label": t("reload"), title: t("reload") }),
    );
    this.#drawBody();
  }

  #home() {
    this.trail = [...this.trail.slice(0, this.at + 1), { type: null }].slice(-TRAIL_MAX);
    this.at = this.trail.length - 1;
    this.search.value = "";
    this.draw();
    this.body.scrollTop = 0;
  }

  #step(by) {
    this.at += by;
    this.search.value = "";
    this.draw();
    this.#reveal();
  }

  #reveal() {
    const { name } = this.trail[this.at];
    const place = name && [...this.body.querySelectorAll("[data-entry]")].find((each) => each.dataset.entry === name);
    if (place) {
      place.classList.add("sought");
      place.scrollIntoView({ block: "center" });
    } else {
      this.body.scrollTop = 0;
    }
    this.body.focus({ preventScroll: true });
  }

  #drawBody() {
    if (!this.schema) {
      this.body.replaceChildren(el("p", { className: "quiet-text" }, t(this.notice)));
      return;
    }
    const sought = this.search.value.trim();
    const stop = this.trail[this.at];
    const type = stop.type ? this.schema.type(stop.type) : null;
    const parts = sought ? this.#finds(sought) : type ? this.#page(type) : this.#contents();
    this.body.replaceChildren(...parts);
  }

  #finds(sought) {
    const finds = searchSchema(this.schema, sought);
    const key = finds.length > FOUND_MAX ? "foundCut" : "found";
    const lines = finds.slice(0, FOUND_MAX).map((find) => {
      const open = () => this.open(find.type, find.kind === "argument" ? find.owner.split(".")[1] : find.kind === "type" ? undefined : find.name);
      const owner = find.owner ? el("span", { className: "doc-owner" }, `${find.owner} › `) : null;
      return el("li", {}, el("button", { type: "button", className: "link doc-find", onclick: open }, owner, find.name), firstLine(find.description));
    });
    return [el("p", { className: "quiet-text", role: "status" }, t(key, { count: finds.length, shown: FOUND_MAX })), el("ul", { className: "doc-list" }, ...lines)];
  }

  #contents() {
    const roots = Object.values(this.schema.roots).filter(Boolean);
    const parts = [el("h3", {}, t("roots")), el("ul", { className: "doc-list" }, ...roots.map((name) => this.#contentsLine(this.schema.type(name))))];
    for (const kind of KINDS) {
      const types = this.schema.listed().filter((type) => type.kind === kind && !roots.includes(type.name));
      if (types.length === 0) continue;
      parts.push(el("h3", {}, `${t(`kind_${kind}`)} (${types.length})`), el("ul", { className: "doc-list" }, ...types.map((type) => this.#contentsLine(type))));
    }
    return parts;
  }

  #contentsLine(type) {
    return el("li", {}, this.#typeLink(type.name, type.name), firstLine(type.description ?? ""));
  }

  #typeLink(text, name) {
    const known = name && this.schema.type(name);
    return known ? el("button", { type: "button", className: "link type-link", onclick: () => this.open(name) }, text) : el("span", {}, text);
  }

  #page(type) {
    const oneOf = type.isOneOf ? el("span", { className: "tag" }, t("oneOf")) : null;
    const kind = el("span", { className: "tag" }, t(`one_${type.kind}`));
    return [
      el("h3", { className: "doc-name" }, type.name, " ", kind, " ", oneOf),
      ...description(type.description),
      ...this.#section("fieldsTitle", (type.fields ?? []).map((field) => this.#field(field))),
      ...this.#section("fieldsTitle", (type.inputFields ?? []).map((field) => this.#input(field, "div"))),
      ...this.#section("valuesTitle", (type.enumValues ?? []).map((value) => entry(value, [el("code", {}, value.name)]))),
      ...this.#section("implementsTitle", (type.interfaces ?? []).map((each) => this.#typeLink(each.name, each.name))),
      ...this.#section("possibleTitle", (type.possibleTypes ?? []).map((each) => this.#typeLink(each.name, each.name))),
      ...this.#section("usedBy", this.#users(type.name)),
    ];
  }

  #section(title, parts) {
    return parts.length > 0 ? [el("h4", {}, t(title)), el("div", { className: "doc-section" }, ...parts)] : [];
  }

  #users(name) {
    const users = this.schema.usersOf(name);
    const links = users.slice(0, USERS_MAX).map((user) => {
      const open = () => this.open(user.type, user.field);
      return el("button", { type: "button", className: "link type-link", onclick: open }, `${user.type}.${user.field}`);
    });
    const left = users.length - links.length;
    return left > 0 ? [...links, el("span", { className: "quiet-text" }, t("moreListed", { count: left }))] : links;
  }

  #field(field) {
    const head = [el("code", { className: "w-field" }, field.name), ": ", this.#typeLink(typeText(field.type), namedType(field.type))];
    const args = field.args.map((argument) => this.#input(argument, "li"));
    const list = args.length > 0 ? el("ul", { className: "doc-args", "aria-label": t("argumentsTitle") }, ...args) : null;
    return entry(field, head, list);
  }

  #input(input, tag) {
    const fallback = input.defaultValue == null ? null : el("span", { className: "quiet-text" }, ` = ${input.defaultValue}`);
    const head = [el("code", { className: "w-argument" }, input.name), ": ", this.#typeLink(typeText(input.type), namedType(input.type)), fallback];
    if (tag === "li") return el("li", {}, ...head.filter(Boolean), ...description(input.description));
    return entry(input, head);
  }
}

function entry(item, head, after) {
  const past = item.isDeprecated ? el("p", { className: "notice" }, `${t("deprecated")}: ${item.deprecationReason ?? ""}`) : null;
  return el("div", { className: "doc-entry", "data-entry": item.name }, el("div", {}, ...head.filter(Boolean)), ...description(item.description), past, after ?? null);
}

function description(text) {
  return text ? prose(text) : [];
}

function firstLine(text) {
  const line = text.trim().split("\n")[0];
  return line ? el("span", { className: "doc-first" }, line) : null;
}
