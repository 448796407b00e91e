// Adds a search box and drop-downs above each table of class "filterable", and shows its first rows until all are asked
// for. Without this script the table stands whole.
"use strict";

const FIRST = 60;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function choices(rows, column) {
  const values = new Set(rows.map((row) => row.cells[column].textContent.trim()));
  return values.size > 1 && values.size <= 14 ? [...values].sort() : [];
}

function control(label, field) {
  const box = document.createElement("label");
  box.append(label + " ", field);
  return box;
}

function enhance(table) {
  const rows = [...table.tBodies[0].rows];
  let texts = null; // read when somebody searches
  const bar = document.createElement("div");
  bar.className = "filter-bar";
  const search = document.createElement("input");
  search.type = "search";
  search.placeholder = "a word, a place, a name";
  bar.append(control("Search", search));
  const picks = [];
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const values = choices(rows, column);
    if (!values.length) return;
    const pick = document.createElement("select");
    pick.append(new Option("all", ""), ...values.map((value) => new Option(value, value)));
    picks.push([column, pick]);
    bar.append(control(head.textContent.trim(), pick));
  });
  const count = document.createElement("output");
  bar.append(count);

  const more = document.createElement("button");
  more.type = "button";
  more.className = "filter-more";
  let whole = rows.length <= FIRST || Boolean(location.hash && table.contains(document.getElementById(location.hash.slice(1))));

  const apply = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let hits = 0;
    let shown = 0;
    if (words.length) texts ??= rows.map((row) => plain(row.textContent));
    rows.forEach((row, i) => {
      const hit =
        words.every((word) => texts[i].includes(word)) &&
        picks.every(([column, pick]) => !pick.value || row.cells[column].textContent.trim() === pick.value);
      hits += hit;
      const show = hit && (whole || hits <= FIRST);
      shown += show;
      if (row.hidden === show) row.hidden = !show;
    });
    count.textContent = `${hits} of ${rows.length} rows`;
    more.hidden = shown === hits;
    more.textContent = `Show all ${hits} rows`;
  };
  bar.addEventListener("input", apply);
  more.addEventListener("click", () => {
    whole = true;
    apply();
  });
  addEventListener("beforeprint", () => more.click());
  apply();
  table.classList.add("whole");
  const frame = table.closest(".wide") || table;
  frame.before(bar);
  frame.after(more);
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("table.filterable").forEach(enhance));
