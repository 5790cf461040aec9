// The bar between question and answer: dragged, or moved with the arrow keys.

const [LEAST, MOST, STEP] = [25, 75, 3];

/** Makes `bar` share the width of `desk` out between what stands before and after it, in percent. */
export function splitter(bar, desk) {
  let share = Number(bar.getAttribute("aria-valuenow"));
  const set = (wanted) => {
    share = Math.min(Math.max(wanted, LEAST), MOST);
    bar.setAttribute("aria-valuenow", String(Math.round(share)));
    desk.style.setProperty("--ask-share", `${share}fr`);
    desk.style.setProperty("--reply-share", `${100 - share}fr`);
  };
  const follow = (event) => {
    const left = document.getElementById("ask").getBoundingClientRect().left;
    const { right } = desk.getBoundingClientRect();
    set(((event.clientX - left) / (right - left)) * 100);
  };
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    bar.addEventListener("pointermove", follow);
  });
  bar.addEventListener("pointerup", () => bar.removeEventListener("pointermove", follow));
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    set(share + by);
  });
}
