// Searches the whole book, from disk as from a host: the text comes with search-data.js, nothing is fetched.
// Every word must begin a word of the place; accents and case do not count (Menaka finds Ménaka).
"use strict";

(() => {
  const { pages, entries } = window.malibookSearch;
  const SHOWN = 30;
  const AROUND = 90; // characters of text on either side of what was found
  const BACK = [[/\/(numbers|sources|data-dictionary)\.html$/, 0.2], [/\/evidence-tables\.html$/, 0.35]]; // after the prose

  // One letter stays one letter, so that a place in the folded text is the same place in the text.
  const fold = (text) =>
    text
      .replace(/[’‘]/g, "'")
      .replace(/[^\x00-\x7f]/g, (letter) => letter.normalize("NFD")[0])
      .toLowerCase();
  const places = entries.map(([page, anchor, title, text], at) => {
    const [path, name] = pages[page];
    return { path, name, anchor, title, text, at, head: fold(title), body: fold(text), from: fold(name) };
  });

  const letter = /[\p{L}\p{N}]/u;
  const begins = (text, word, from = 0) => {
    let at = text.indexOf(word, from);
    while (at > 0 && letter.test(text[at - 1])) at = text.indexOf(word, at + 1);
    return at;
  };
  const often = (text, word) => Math.min(6, text.split(word).length - 1);
  const wordsOf = (query) => fold(query).split(/[\s"“”()]+/).map((w) => w.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "")).filter(Boolean);

  function score(place, words) {
    let sum = 0;
    for (const word of words) {
      const inHead = begins(place.head, word) >= 0, inBody = begins(place.body, word) >= 0, inName = begins(place.from, word) >= 0;
      if (!inHead && !inBody && !inName) return 0;
      sum += 6 * inHead + 2 * inBody + inName + (inBody ? 0.3 * often(place.body, word) : 0);
    }
    if (!words.some((word) => begins(place.head, word) >= 0 || begins(place.body, word) >= 0)) return 0;
    const together = words.length > 1 && (place.head.includes(words.join(" ")) || place.body.includes(words.join(" ")));
    return (sum + 4 * together) * (BACK.find(([pattern]) => pattern.test(place.path))?.[1] ?? 1);
  }

  function marked(text, words) {
    const folded = fold(text), out = document.createDocumentFragment();
    let at = 0;
    while (at < text.length) {
      const next = words.map((word) => [begins(folded, word, at), word]).filter(([found]) => found >= 0).sort((a, b) => a[0] - b[0] || b[1].length - a[1].length)[0];
      if (!next) break;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(next[0], next[0] + next[1].length);
      out.append(text.slice(at, next[0]), mark);
      at = next[0] + next[1].length;
    }
    out.append(text.slice(at));
    return out;
  }

  function excerpt(place, words) {
    const found = words.map((word) => begins(place.body, word)).filter((at) => at >= 0);
    const first = found.length ? Math.min(...found) : 0;
    let from = Math.max(0, first - AROUND), to = Math.min(place.text.length, first + 2 * AROUND);
    if (from) from = place.text.indexOf(" ", from) + 1;
    if (to < place.text.length) to = Math.max(place.text.lastIndexOf(" ", to), first + 1);
    return (from ? "… " : "") + place.text.slice(from, to) + (to < place.text.length ? " …" : "");
  }

  function item(place, words) {
    const row = document.createElement("li"), link = document.createElement("a");
    link.href = place.path + (place.anchor ? "#" + place.anchor : "");
    link.append(marked(place.title, words));
    row.append(link);
    if (place.title !== place.name) {
      const where = document.createElement("span");
      where.className = "found-where";
      where.textContent = place.name;
      row.append(" ", where);
    }
    const text = excerpt(place, words);
    if (text && text !== place.title) {
      const snippet = document.createElement("p");
      snippet.append(marked(text, words));
      row.append(snippet);
    }
    return row;
  }

  const field = document.querySelector("main input[name=q]"), form = field.form;
  const list = document.getElementById("search-results"), status = document.getElementById("search-status");

  function show(found, words, from) {
    found.slice(from, from + SHOWN).forEach((one) => list.append(item(one.place, words)));
    document.querySelector(".found-more")?.remove();
    const left = found.length - from - SHOWN;
    if (left <= 0) return;
    const more = document.createElement("button");
    more.type = "button";
    more.className = "found-more";
    more.textContent = `Show more (${left} left)`;
    more.addEventListener("click", () => {
      show(found, words, from + SHOWN);
      list.children[from + SHOWN].querySelector("a").focus();
    });
    list.after(more);
  }

  function search() {
    const words = wordsOf(field.value);
    list.replaceChildren();
    document.querySelector(".found-more")?.remove();
    document.title = document.title.replace(/^.*?(?=Search)/, words.length ? `${field.value.trim()} – ` : "");
    if (!words.length) return (status.textContent = "Type a word, a name, a place or a number.");
    const found = places
      .map((place) => ({ place, value: score(place, words) }))
      .filter((one) => one.value > 0)
      .sort((a, b) => b.value - a.value || a.place.at - b.place.at);
    const count = found.length === 1 ? "One place" : `${found.length || "No"} places`;
    status.textContent = `${count} for “${field.value.trim()}”` + (found.length ? "" : ". Try fewer words, or the beginning of one.");
    show(found, words, 0);
  }

  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    search();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [field, ...list.querySelectorAll("a")], at = stops.indexOf(document.activeElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });

  field.value = new URLSearchParams(location.search).get("q") ?? "";
  search();
  if (field.value) field.focus(); // who comes with words reads results next; who comes without begins at the top
})();
