// The card of a chosen parcel: its facts as this reader may see them, and the way on to the query page.

import { button, byId, el } from "../page/dom.js";
import { t } from "../page/i18n.js";
import { shareFragment } from "../page/memory.js";
import { statusDot, statusName } from "../page/statuses.js";
import { grouped, shareText } from "./amounts.js";
import { labelOf } from "./labels.js";
import { FACTS } from "./questions.js";

/** Share of a narrow map's height that the card may take, as in map.css. */
const FOOT_SHARE = 0.56;

export class FactsCard {
  #parcel = null;

  /** `onClose()` and `onGoTo(parcel)` are told what was pressed; `secrets()` are kept out of links. */
  constructor({ labels, secrets, onClose, onGoTo }) {
    Object.assign(this, { labels, secrets, onClose, onGoTo });
    this.host = byId("facts");
    this.host.addEventListener("keydown", (event) => event.key === "Escape" && onClose());
  }

  /** Shows what is known while the rest is asked for; `parcel` has at least { name, code }. */
  wait(parcel) {
    this.#parcel = null;
    this.#put(this.#head(parcel), el("p", { className: "quiet-text" }, t("mapLoading")));
  }

  show(parcel) {
    this.#parcel = parcel;
    this.write();
  }

  /** Says why there is nothing to show. */
  tell(text) {
    this.#parcel = null;
    this.#put(this.#head({}), el("p", { className: "notice" }, text));
  }

  write() {
    const parcel = this.#parcel;
    if (!parcel) return;
    const lines = this.#lines(parcel).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
    const generated = parcel.generated ? [el("p", { className: "tag" }, t("mapGenerated"))] : [];
    this.#put(this.#head(parcel), el("dl", {}, ...lines.flat()), ...generated, this.#ways(parcel));
  }

  /** Takes the card away; answers whether it held the focus. */
  hide() {
    const held = this.host.contains(document.activeElement);
    this.#parcel = null;
    this.host.hidden = true;
    return held;
  }

  /** What the card takes of the map in pixels: of its right side or, on a narrow screen, of its foot. */
  covers() {
    const { offsetWidth: width, parentElement: ground } = this.host;
    if (this.host.hidden) return { right: 0, bottom: 0 };
    return width > ground.offsetWidth / 2 ? { right: 0, bottom: FOOT_SHARE * ground.offsetHeight } : { right: width, bottom: 0 };
  }

  focus() {
    this.host.querySelector("button")?.focus();
  }

  #put(...parts) {
    const held = this.host.contains(document.activeElement);
    this.host.replaceChildren(...parts);
    this.host.hidden = false;
    if (held) this.focus();
  }

  #head({ name, code, location, stockStatus, stock }) {
    const status = stock?.status ?? stockStatus ?? null;
    return el(
      "header",
      { className: "facts-head" },
      button("×", this.onClose, { "aria-label": t("close"), className: "quiet facts-close" }),
      el("h2", { id: "facts-name" }, ...(status ? [statusDot(status)] : []), name ?? code ?? ""),
      el("p", { className: "facts-code" }, code ?? ""),
      el("p", { className: "quiet-text" }, location ?? ""),
    );
  }

  #lines(parcel) {
    const { stock, landUse, tenure, district, state, withheld } = parcel;
    const charges = (list) => list.map(({ kind }) => this.labels.of("charges", kind)).join("、") || t("mapNone");
    return [
      ...areaLines(parcel.area),
      [t("mapStatus"), stock ? t("mapSince", { status: statusName(stock.status), date: stock.since }) : null],
      [t("mapUse"), landUse ? `${labelOf(landUse)} ${landUse.code}` : null],
      [t("mapAsking"), priceText(parcel.price?.asking)],
      [t("mapFloor"), priceText(parcel.price?.floor)],
      [t("mapHolders"), readable(withheld, "holders", parcel.holders, holdersText)],
      [t("mapCharges"), readable(withheld, "restrictions", parcel.restrictions, charges)],
      [t("mapEnds"), tenure?.endsOn],
      [t("mapDistrict"), district?.name],
      [t("mapState"), state && state !== "REGISTERED" ? this.labels.of("states", state) : null],
    ].filter(([, value]) => value !== null && value !== undefined);
  }

  #ways(parcel) {
    const question = { query: FACTS, variables: JSON.stringify({ id: parcel.id }, null, 2) };
    const fragment = shareFragment(question, this.secrets());
    const onward = fragment ? [el("a", { className: "quiet head-link", href: `./${fragment}` }, t("mapAskMore"))] : [];
    return el("p", { className: "facts-ways" }, button(t("mapGoTo"), () => this.onGoTo(parcel)), ...onward);
  }
}

function areaLines({ registered, computed }) {
  if (registered) return [[t("mapArea"), areaText(registered)]];
  return [[t("mapAreaComputed"), computed ? areaText(computed) : null]];
}

function areaText({ squareMetres, mu }) {
  return `${grouped(squareMetres)} m² · ${t("mapMu", { count: grouped(mu) })}`;
}

function priceText(price) {
  return price === null || price === undefined ? null : t("mapPrice", { count: grouped(price) });
}

function holdersText(holders) {
  const names = holders.map(({ party, share }) => [party?.name ?? t("mapWithheld"), shareText(share)].filter(Boolean).join(" "));
  return names.join("、") || t("mapNobody");
}

/** A fact as text, or that this reader may not see it. */
function readable(withheld, field, value, toText) {
  return value === null || value === undefined || withheld.includes(field) ? t("mapWithheld") : toText(value);
}
