// Adds filters to the page Explore, links its map, timeline and table, and keeps what is chosen in the address.
// Without this script the map, the timeline and the table stand whole, and a mark leads to its row.
"use strict";

(() => {
  const root = document.querySelector(".explore");
  if (!root) return;
  const $ = (selector, from = root) => from.querySelector(selector);
  const all = (selector, from = root) => [...from.querySelectorAll(selector)];
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const bare = (text) => text.replace(/ \(\d+\)$/, "").trim();

  // Choices, by the words of the table.
  const form = $(".xform");
  const named = (select) =>
    new Map([...form.elements[select].options].map((option) => [bare(option.textContent), option]));
  const places = named("l");
  const actors = named("a");
  const keys = all(".xkey li");
  const kinds = new Map(keys.map((item) => [bare(item.textContent), item.dataset.k]));

  const marks = new Map();
  for (const mark of all(".xfigure a")) {
    const target = mark.getAttribute("href").slice(1);
    marks.set(target, [...(marks.get(target) || []), mark]);
  }
  const events = all(".xtable tr[id]").map((row) => {
    const [date, what, kind, where, who] = [...row.cells].map((cell) => cell.textContent.trim());
    const place = row.dataset.r ? null : places.get(where) || places.get(where.replace(/, [^,]*$/, ""));
    const title = $("summary", row).textContent;
    const own = marks.get($("details [id]", row).id);
    return {
      row, date, kind, where, who, title,
      id: row.id.slice(2),
      details: $("details", row),
      marks: own,
      c: own[0].classList.contains("rim"),
      p: row.parentNode.dataset.p,
      k: kinds.get(kind),
      l: [place && place.value, "r/" + (row.dataset.r || (place && place.parentNode.label))],
      a: who.split(", ").map((name) => actors.get(name)).filter(Boolean).map((option) => option.value),
      text: plain([date, what, kind, where, who].join(" ")),
    };
  });
  const byTarget = new Map(events.map((event) => [$("[id]", event.details).id, event]));
  const byId = new Map(events.map((event) => [event.id, event]));
  let shown = events;
  let now = null;

  // Small screens set the table as a list: roles keep it a table to those who hear it.
  const roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TH: "rowheader", TD: "cell" };
  for (const part of all(".xtable, .xtable :is(thead, tbody, tr, th, td)"))
    part.setAttribute("role", part.scope === "col" ? "columnheader" : roles[part.tagName]);
  for (const { row, k } of events) row.cells[2].prepend($(`.xkey [data-k=${k}] svg`).cloneNode(true), " ");

  // Boxes before the kinds; what only a script makes useful is in the page, hidden in the room that it will take.
  for (const item of keys) {
    const box = make("input", { type: "checkbox", name: "k", value: item.dataset.k });
    const label = make("label", {}, box, ...item.childNodes);
    item.append(label);
  }
  const count = $(".xcount");
  const back = make("button", { type: "button", textContent: "‹ Earlier" });
  const next = make("button", { type: "button", textContent: "Later ›" });
  const range = make("input", { type: "range", min: 1, value: 1 });
  range.setAttribute("aria-label", "Walk through the events shown, in order of time");
  const told = make("div", { className: "xtold" });
  const card = $(".xcard");
  card.append(make("div", { className: "xwalk" }, back, range, next), told);
  for (const part of [form, $(".xhint"), count, card]) part.hidden = false;

  const ticked = () => keys.map((item) => $("input", item)).filter((box) => box.checked).map((box) => box.value);

  function read() {
    const value = (name) => form.elements[name].value;
    return { p: value("p"), l: value("l"), a: value("a"), q: value("q").trim(), c: form.elements.c.checked ? "1" : "", k: ticked().join(" ") };
  }

  function fits(event, state) {
    const wanted = state.k ? state.k.split(" ") : null;
    return (
      (!state.p || event.p === state.p) && (!state.l || event.l.includes(state.l)) && (!state.a || event.a.includes(state.a)) &&
      (!state.c || event.c) && (!wanted || wanted.includes(event.k)) &&
      plain(state.q).split(/\s+/).every((word) => event.text.includes(word))
    );
  }

  function apply() {
    const state = read();
    shown = events.filter((event) => fits(event, state));
    const visible = new Set(shown);
    for (const event of events) {
      event.row.hidden = !visible.has(event);
      for (const mark of event.marks) mark.classList.toggle("off", event.row.hidden);
    }
    for (const group of all(".xtable tbody")) group.hidden = !shown.some((event) => event.p === group.dataset.p);
    for (const band of all(".xtime [data-p]")) band.classList.toggle("picked", band.dataset.p === state.p);
    const contested = shown.filter((event) => event.c).length;
    const none = shown.length ? "" : " Choose less, or press “Show all”.";
    count.textContent = `${shown.length} of ${events.length} events shown, ${contested} with contested figures.${none}`;
    range.max = Math.max(shown.length, 1);
    if (now && !visible.has(now)) now = null;
    tell();
  }

  // The card: a row once more, beside the map.
  function tell() {
    for (const mark of all(".xfigure a.now")) mark.classList.remove("now");
    const at = shown.indexOf(now);
    range.value = at + 1;
    range.disabled = !shown.length;
    back.disabled = at < 1;
    next.disabled = at >= shown.length - 1;
    range.setAttribute("aria-valuetext", now ? `${at + 1} of ${shown.length}: ${now.date}, ${now.title}` : "none chosen");
    if (!now) {
      told.replaceChildren(make("p", { textContent: "Choose a mark on the map or the timeline, or walk through the events in order of time." }));
      return;
    }
    for (const mark of now.marks) mark.classList.add("now");
    const copy = now.details.cloneNode(true);
    $("summary", copy).remove();
    for (const part of all("[id]", copy)) part.removeAttribute("id");
    const chosen = now;
    const row = make("button", { type: "button", textContent: "Show in the table" });
    row.addEventListener("click", () => open(chosen));
    told.replaceChildren(
      make("h3", { textContent: now.title }),
      make("p", { className: "xmeta", textContent: `${now.date} · ${now.kind} · ${now.where} · ${now.who}` }),
      ...copy.childNodes, row);
  }

  function open(event) {
    event.details.open = true;
    event.row.scrollIntoView({ block: "center" });
    $("summary", event.row).focus({ preventScroll: true });
  }

  // The address holds what is chosen: it can be shared, and the back button takes a choice back.
  function write(replace) {
    const state = { ...read(), event: now ? now.id : "" };
    const hash = new URLSearchParams(Object.entries(state).filter(([, value]) => value)).toString();
    if (hash === location.hash.slice(1)) return;
    const url = location.pathname + location.search + (hash ? "#" + hash : "");
    history[replace ? "replaceState" : "pushState"](null, "", url);
  }

  function follow() {
    const target = document.getElementById(location.hash.slice(1));
    const linked = events.find((event) => target && event.row.contains(target));
    if (linked) {
      fill(new URLSearchParams());
      apply();
      return open(linked);
    }
    const state = new URLSearchParams(location.hash.slice(1));
    fill(state);
    now = byId.get(state.get("event")) || null;
    apply();
  }

  function fill(state) {
    for (const name of ["p", "l", "a", "q"]) {
      form.elements[name].value = state.get(name) || "";
      if (form.elements[name].selectedIndex === -1) form.elements[name].value = "";
    }
    form.elements.c.checked = state.has("c");
    const wanted = (state.get("k") || "").split(" ");
    for (const item of keys) $("input", item).checked = wanted.includes(item.dataset.k);
  }

  function choose(event, replace) {
    if (event && !shown.includes(event)) fill(new URLSearchParams());
    now = event;
    apply();
    write(replace);
  }

  root.addEventListener("input", (event) => {
    if (event.target === range) return choose(shown[range.value - 1], true);
    apply();
    write(event.target.type === "search");
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    fill(new URLSearchParams());
    choose(null, false);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  back.addEventListener("click", () => choose(shown[shown.indexOf(now) - 1], true));
  next.addEventListener("click", () => choose(shown[shown.indexOf(now) + 1], true));
  window.addEventListener("popstate", follow);

  // A mark or a link brings its event into the card; a mark and its row show each other.
  root.addEventListener("click", (click) => {
    const link = click.target.closest("a[href^='#e']");
    if (!link) return;
    click.preventDefault();
    choose(byTarget.get(link.getAttribute("href").slice(1)), false);
    card.scrollIntoView({ block: "nearest" });
  });
  const light = (event, on) => [event.row, ...event.marks].forEach((part) => part.classList.toggle("on", on));
  for (const event of events) {
    for (const part of [event.row, ...event.marks])
      for (const [name, on] of [["pointerenter", true], ["pointerleave", false], ["focusin", true], ["focusout", false]])
        part.addEventListener(name, () => light(event, on));
    for (const mark of event.marks) {
      const tip = document.createElementNS("http://www.w3.org/2000/svg", "title");
      tip.textContent = `${event.date}: ${event.title}`;
      mark.append(tip);
    }
  }
  follow();
})();
