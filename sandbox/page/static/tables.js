// Tables with pages: which rows show is the reader's own affair and survives redrawing.

export function refreshTables(root) {
  for (const table of root.querySelectorAll("[data-pages]")) turn(table, 0);
}

function turn(table, by) {
  const rows = [...table.querySelectorAll("[data-row]")];
  const size = Number(table.dataset.pages);
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const page = Math.min(Math.max(Number(table.dataset.page ?? 0) + by, 0), last);
  table.dataset.page = page;
  rows.forEach((row, place) => {
    row.hidden = Math.floor(place / size) !== page;
  });
  const where = table.querySelector(".pager-where");
  if (!where) return;
  const words = `${page * size + 1}–${Math.min((page + 1) * size, rows.length)} of ${rows.length}`;
  if (where.textContent !== words) where.textContent = words;
  for (const button of table.querySelectorAll("[data-turn]")) {
    button.disabled = Number(button.dataset.turn) < 0 ? page === 0 : page === last;
  }
}

export function listenToTables() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-turn]");
    if (!button) return;
    const table = button.closest("[data-pages]");
    turn(table, Number(button.dataset.turn));
    // A button that has just become useless gives the focus to its neighbour.
    if (button.disabled) table.querySelector("[data-turn]:not([disabled])")?.focus();
  });
}
