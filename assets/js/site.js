// SPDX-License-Identifier: AGPL-3.0-or-later
// Adds comfort to pages that work without it. Everything is found by data attributes; nothing is inline.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// ---- Sortable tables: the heading's link asks the server; here the rows on the page move at once.
// Cells give their value in data-value, else their text. Empty values ("not published") stay last.
// Only tables with data-sortable, which hold all their rows; a paged list keeps its links.
const valueOf = (row, index) => {
  const cell = row.cells[index];
  return cell ? (cell.dataset.value ?? cell.textContent).trim() : "";
};
const compare = (a, b) => {
  const [x, y] = [Number(a), Number(b)];
  return a !== "" && b !== "" && x === x && y === y ? x - y : a.localeCompare(b, undefined, { numeric: true });
};
for (const table of all("table[data-sortable]")) {
  table.tHead.addEventListener("click", (event) => {
    const link = event.target.closest(".ds-sort");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const head = link.closest("th");
    const now = head.getAttribute("aria-sort");
    const first = head.dataset.first || "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    const next = now === first ? other : first;
    const sign = next === "ascending" ? 1 : -1;
    for (const th of head.parentNode.cells) th.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", next);
    const body = table.tBodies[0];
    [...body.rows]
      .map((row, order) => ({ row, order, value: valueOf(row, head.cellIndex) }))
      .sort((a, b) =>
        (a.value === "") - (b.value === "") || sign * compare(a.value, b.value) || a.order - b.order)
      .forEach(({ row }) => body.append(row));
    const say = document.getElementById(table.dataset.sortable);
    if (say) say.textContent = `${link.textContent.trim()}: ${say.dataset[next] || next}`;
  });
}

// ---- Map and table: the same data-area lights up in both; the map says it in words below.
const say = document.querySelector("output[data-map-says]");
const silence = say ? say.textContent : "";
const light = (area, on) => {
  for (const element of all("[data-area]"))
    if (element.dataset.area === area) {
      element.classList.toggle("is-linked", on);
      const title = on && say && element.querySelector("title");
      if (title) say.textContent = title.textContent;
    }
  if (say && !on) say.textContent = silence;
};
for (const [start, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  const hand = (on) => (event) => {
    const element = event.target.closest?.("[data-area]");
    if (element && !element.contains(event.relatedTarget)) light(element.dataset.area, on);
  };
  document.addEventListener(start, hand(true));
  document.addEventListener(end, hand(false));
}
// Arrow keys walk from area to area in the map, to the nearest one on that side.
const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
document.addEventListener("keydown", (event) => {
  const here = event.target.closest?.("svg a[data-area]");
  const way = step[event.key];
  if (!here || !way) return;
  const middle = (a) => {
    const box = a.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const [x, y] = middle(here);
  let best, least = Infinity;
  for (const other of all("a[data-area]", here.ownerSVGElement)) {
    const [ox, oy] = middle(other);
    const along = (ox - x) * way[0] + (oy - y) * way[1];
    const aside = Math.abs((ox - x) * way[1]) + Math.abs((oy - y) * way[0]);
    if (along > 1 && along + 2 * aside < least) [best, least] = [other, along + 2 * aside];
  }
  event.preventDefault();
  best?.focus();
});

// ---- Forms: ask before what cannot be taken back; send once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (question && !window.confirm(question)) return event.preventDefault();
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => all("form").forEach((form) => delete form.dataset.sent));
for (const button of all("button[data-reveal]")) { // show or hide a password
  button.hidden = false;
  button.addEventListener("click", () => {
    const input = document.getElementById(button.dataset.reveal);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
}
document.querySelector(".govuk-error-summary")?.focus();

// ---- Long work: <progress data-poll="/…"> asks for {"done":n,"total":n,"text":"…","next":"/…"} each second.
for (const bar of all("progress[data-poll]")) {
  const text = document.getElementById(bar.getAttribute("aria-describedby"));
  const ask = async () => {
    try {
      const state = await (await fetch(bar.dataset.poll, { headers: { accept: "application/json" } })).json();
      if (typeof state.next === "string" && /^\/(?!\/)/.test(state.next)) return location.assign(state.next);
      bar.max = state.total || 1;
      bar.value = state.done;
      if (text && text.textContent !== state.text) text.textContent = state.text;
    } catch { /* the page still has its "look again" link */ }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 1000);
}

// ---- Leave at once (pages that a person may not be seen reading)
for (const exit of all(".govuk-exit-this-page__button"))
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.hidden = true;
    location.replace(exit.href);
  });

// ---- Paper shows what is folded away
let closed = [];
window.addEventListener("beforeprint", () => {
  closed = all("details:not([open])");
  closed.forEach((details) => (details.open = true));
});
window.addEventListener("afterprint", () => closed.forEach((details) => (details.open = false)));
for (const button of all("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
