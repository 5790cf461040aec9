// Of the page without its map: puts this host before the addresses of the tiles, so that they can be copied whole.

const root = new URL(".", location.href).href.replace(/\/$/, "");
document.querySelectorAll("[data-address]").forEach((each) => {
  each.textContent = root + each.textContent;
});
