// Adds a search box and drop-downs above each table of class "filterable". Without this script the table stands whole.
"use strict";

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
  const texts = rows.map((row) => plain(row.textContent));
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

  const apply = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      const hit =
        words.every((word) => texts[i].includes(word)) &&
        picks.every(([column, pick]) => !pick.value || row.cells[column].textContent.trim() === pick.value);
      row.hidden = !hit;
      shown += hit;
    });
    count.textContent = `${shown} of ${rows.length} rows`;
  };
  bar.addEventListener("input", apply);
  (table.closest(".pst-scrollable-table-container") || table).before(bar);
  apply();
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("table.filterable").forEach(enhance));
