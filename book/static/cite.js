// Adds a copy button to the citation of a page. Without this script its text can be marked and copied by hand.
"use strict";

function mark(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

async function copy(element, button) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    button.textContent = "Copied";
  } catch {
    mark(element);
    button.textContent = "Marked: copy it with your keyboard";
  }
  setTimeout(() => (button.textContent = button.dataset.name), 4000);
}

document.querySelectorAll(".cite-page [data-copy]").forEach((element) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cite-copy";
  button.dataset.name = button.textContent = element.matches("pre") ? "Copy the BibTeX" : "Copy the citation";
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(element, button));
  element.after(button);
});
