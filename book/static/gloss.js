// Lets Escape close a definition, and the first tap on a touch screen open it; the second tap follows the link.
// Without this script definitions open on hovering and on focus, and a tap leads to the glossary.
"use strict";

const within = (target) => (target instanceof Element ? target.closest(".gloss") : null);
const shut = (except) =>
  document.querySelectorAll(".gloss-open").forEach((one) => one === except || one.classList.remove("gloss-open"));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  shut(null);
  document
    .querySelectorAll(".gloss:hover, .gloss:focus-within")
    .forEach((one) => one.classList.add("gloss-closed"));
});

for (const leaving of ["mouseout", "focusout"])
  document.addEventListener(leaving, (event) => {
    const left = within(event.target);
    if (left && !left.contains(event.relatedTarget)) left.classList.remove("gloss-closed");
  });

document.addEventListener("click", (event) => {
  const tapped = within(event.target);
  shut(tapped);
  if (!tapped || tapped.classList.contains("gloss-open") || !matchMedia("(hover: none)").matches) return;
  event.preventDefault();
  tapped.classList.add("gloss-open");
});
