// Leaves of every run of like elements (rows, entries, letters of code) the first few of each build, so that a page of ten
// thousand elements can be judged in seconds: two rows of the same tags, classes and attributes pass or fail alike.
// Headings stay, and so does whatever holds one.
(keep) => {
  const built = new Map();
  const build = (el) => {
    const children = [...new Set([...el.children].map(build))].sort();
    const names = [...el.attributes].map((a) => (["id", "href", "title", "data-label"].includes(a.name) ? a.name : `${a.name}=${a.value}`));
    const told = el.textContent.trim() ? "text" : "empty";
    const text = [el.tagName, ...names.sort(), told, ...children].join(" ");
    if (!built.has(text)) built.set(text, built.size);
    el.malibookBuild = built.get(text);
    return el.malibookBuild;
  };
  build(document.body);
  let gone = 0;
  const thin = (el) => {
    const seen = new Map(), many = el.children.length > 2 * keep;
    for (const child of [...el.children]) {
      const count = (seen.get(child.malibookBuild) || 0) + 1;
      seen.set(child.malibookBuild, count);
      if (many && count > keep && !child.matches("h1, h2, h3, h4, h5, h6, main, nav, header, footer") && !child.querySelector("h1, h2, h3, h4, h5, h6")) {
        gone += 1 + child.querySelectorAll("*").length;
        child.remove();
      } else thin(child);
    }
  };
  thin(document.body);
  return gone;
}
