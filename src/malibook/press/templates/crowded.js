// Returns where text in a drawing lies upon other text or leaves the drawing. Takes the drawing's markup.
// Text is a run of letters: a group that is scaled and holds letters by reference, or one outline with quadratic curves.
(markup) => {
  const NEAR = 1; // points that two boxes may share: outlines have no line of air around them
  const SHARE = 0.12; // of the smaller box
  document.body.innerHTML = markup.slice(markup.indexOf("<svg"));
  const svg = document.body.querySelector("svg");
  const view = svg.viewBox.baseVal;
  svg.setAttribute("width", view.width), svg.setAttribute("height", view.height); // one point of the drawing, one pixel
  svg.style.overflow = "visible";
  const runs = [...svg.querySelectorAll("g[transform*='scale(']")].filter((g) => g.querySelector("use, path"));
  const single = [...svg.querySelectorAll("path")].filter(
    (path) => /q/i.test(path.getAttribute("d") || "") && !path.closest("defs, clipPath, symbol") && !runs.some((g) => g.contains(path)),
  );
  const at = svg.getBoundingClientRect();
  const boxes = [];
  for (const el of [...runs, ...single]) {
    const box = el.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) continue;
    const one = { l: box.left - at.left, r: box.right - at.left, t: box.top - at.top, b: box.bottom - at.top };
    // A word drawn twice, once as its own halo, is one word.
    const twin = boxes.some(
      (o) => Math.abs(o.l + o.r - one.l - one.r) < 3 && Math.abs(o.t + o.b - one.t - one.b) < 3 && Math.abs(o.r - o.l - one.r + one.l) < 6,
    );
    if (!twin) boxes.push(one);
  }
  const place = (o) => `(${[o.l, o.t, o.r, o.b].map((n) => Math.round(n)).join(" ")})`;
  const area = (o) => (o.r - o.l) * (o.b - o.t);
  const found = boxes
    .filter((o) => o.l < -NEAR || o.t < -NEAR || o.r > view.width + NEAR || o.b > view.height + NEAR)
    .map((o) => `text leaves the drawing at ${place(o)}`);
  boxes.forEach((one, n) =>
    boxes.slice(n + 1).forEach((other) => {
      const x = Math.min(one.r, other.r) - Math.max(one.l, other.l), y = Math.min(one.b, other.b) - Math.max(one.t, other.t);
      if (x > NEAR && y > NEAR && x * y > SHARE * Math.min(area(one), area(other)))
        found.push(`text upon text at ${place(one)} and ${place(other)}`);
    }),
  );
  return found;
}
