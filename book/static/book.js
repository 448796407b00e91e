// The two switches of the book, each remembered: code shown or hidden, light or dark. Without this script code opens
// step by step, and colours follow the system.
"use strict";

const recall = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a browser that keeps nothing
  }
};

const keep = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // then the switch holds for this page alone
  }
};

const system = matchMedia("(prefers-color-scheme: dark)");

function paint(theme) {
  document.documentElement.dataset.theme = theme;
  const dark = theme === "dark";
  for (const source of document.querySelectorAll("picture > source"))
    if (dark !== system.matches || source.media !== "screen and (prefers-color-scheme: dark)")
      source.media = dark ? "screen" : "not all";
  const button = document.querySelector(".theme-switch");
  if (button) button.setAttribute("aria-pressed", String(dark));
}

function themeSwitch() {
  const chosen = () => recall("theme") || (system.matches ? "dark" : "light");
  paint(chosen());
  system.addEventListener("change", () => paint(chosen()));
  document.querySelector(".theme-switch")?.addEventListener("click", () => {
    const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    keep("theme", (theme === "dark") === system.matches ? null : theme);
    paint(theme);
  });
}

function codeSwitch() {
  const button = document.querySelector(".code-switch");
  if (!button) return;
  const steps = document.querySelectorAll("details.hide");
  const show = (open) => {
    steps.forEach((step) => (step.open = open));
    button.setAttribute("aria-pressed", String(open));
    button.textContent = open ? "Hide code" : "Show code";
  };
  show(recall("code") === "shown");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    keep("code", open ? "shown" : null);
    const before = button.getBoundingClientRect().top;
    show(open);
    scrollBy(0, button.getBoundingClientRect().top - before);
  });
}

// Marks in the page's contents which section is being read.
function follow() {
  const links = new Map();
  for (const link of document.querySelectorAll(".page-contents a[href^='#']"))
    if (link.hash.length > 1) links.set(document.getElementById(link.hash.slice(1)), link);
  if (!links.size) return;
  let current = null;
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        current?.removeAttribute("aria-current");
        current = links.get(entry.target.closest("section")) || current;
        current?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  for (const section of links.keys()) if (section) seen.observe(section.querySelector("h1, h2, h3, h4") || section);
}

document.querySelector(".switches")?.removeAttribute("hidden");
themeSwitch();
codeSwitch();
follow();
for (const menu of document.querySelectorAll("[popover]"))
  menu.addEventListener("click", (event) => {
    if (event.target.closest("a") && menu.matches(":popover-open")) menu.hidePopover();
  });
