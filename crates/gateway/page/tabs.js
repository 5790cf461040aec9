// A list of tabs with its panels, by the keyboard pattern that screen readers expect: arrows move, Home and End jump.

/** Tabs over the buttons of `list`; `onChoose(id)` is told of a choice made by hand. */
export class Tabs {
  constructor(list, onChoose) {
    this.tabs = [...list.querySelectorAll("[role=tab]")];
    this.onChoose = onChoose ?? (() => {});
    for (const tab of this.tabs) {
      tab.addEventListener("click", () => this.#choose(tab));
      tab.addEventListener("keydown", (event) => this.#key(event, tab));
    }
    this.show((this.tabs.find((tab) => !tab.disabled) ?? this.tabs[0]).id);
  }

  /** Shows the tab with this id. */
  show(id) {
    this.shown = id;
    for (const tab of this.tabs) {
      const chosen = tab.id === id;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
    }
  }

  #choose(tab) {
    this.show(tab.id);
    this.onChoose(tab.id);
  }

  #key(event, tab) {
    const open = this.tabs.filter((each) => !each.disabled);
    const at = open.indexOf(tab);
    const places = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: open.length - 1 };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    const next = open[(place + open.length) % open.length];
    next.focus();
    this.#choose(next);
  }
}
