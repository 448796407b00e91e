// Returns what does not fit on a page: the page itself, boxes, clipped text, text upon text. Run in the page by press.look.overflow.
() => {
  const SLACK = 1.5; // pixels that rounding may take
  const wide = document.documentElement.clientWidth;
  const found = [];
  const styles = new Map();
  const style = (el) => styles.get(el) || (styles.set(el, getComputedStyle(el)), styles.get(el));
  const seen = (el) => el.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const words = (text) => text.trim().replace(/\s+/g, " ").slice(0, 60);
  const name = (el) =>
    el.tagName.toLowerCase() + (el.id ? "#" + el.id : "") + [...el.classList].slice(0, 3).map((c) => "." + c).join("");
  const tell = (kind, el, more = "") =>
    found.push({ kind, at: name(el), inside: el.parentElement ? name(el.parentElement) : "", more, text: words(el.textContent) });

  // The part of a box that its ancestors let one see, and whether one of them can be scrolled sideways to the rest.
  const frames = new Map();
  const frame = (el) => {
    if (!el || el === document.documentElement || el === document.body)
      return { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity, scrolls: false, layer: null };
    if (frames.has(el)) return frames.get(el);
    const own = style(el), up = frame(own.position === "fixed" ? null : el.parentElement), out = { ...up };
    if (own.position === "fixed" || own.position === "sticky") out.layer = el;
    if (own.overflowX !== "visible" || own.overflowY !== "visible") {
      const box = el.getBoundingClientRect();
      out.left = Math.max(out.left, box.left), out.right = Math.min(out.right, box.right);
      out.top = Math.max(out.top, box.top), out.bottom = Math.min(out.bottom, box.bottom);
      out.scrolls ||= ["auto", "scroll"].includes(own.overflowX);
    }
    if (/^inset\((?:50|100)%\)$/.test(own.clipPath) || /^rect\(0px,? ?0px|^rect\(1px,? ?1px,? ?1px/.test(own.clip)) out.right = out.left; // only heard
    return frames.set(el, out), out;
  };

  const home = (el) => (style(el).display.startsWith("inline") || style(el).display === "contents" ? home(el.parentElement) : el);
  const elements = [...document.body.querySelectorAll("*")].filter((el) => !el.closest("svg, math, mjx-container, .katex"));

  if (document.documentElement.scrollWidth > wide) {
    tell("page wider than the window", document.body, `${document.documentElement.scrollWidth} > ${wide} px`);
  }
  for (const el of elements) {
    const box = el.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || !seen(el)) continue; // what is only for screen readers is a pixel wide
    const own = style(el), around = frame(el.parentElement);
    if (around.right - around.left < 2 || around.bottom - around.top < 2) continue;
    if (box.right > wide + SLACK && box.left < wide && !around.scrolls && around.right > wide + SLACK && box.bottom + scrollY > 0) {
      if (![...el.children].some((child) => child.getBoundingClientRect().right > wide + SLACK))
        tell(el.matches("img, picture, video, iframe, object") ? "image beyond the window" : "box beyond the window", el, `to ${Math.round(box.right)} px`);
    }
    const across = el.scrollWidth - el.clientWidth, down = el.scrollHeight - el.clientHeight;
    if (!el.clientWidth || !words(el.textContent) || el.matches("html, body, select, option, textarea, input, tr, thead, tbody, colgroup")) continue;
    if (["hidden", "clip"].includes(own.overflowX) && across > SLACK) tell("text cut at the side", el, `${across} px`);
    else if (["hidden", "clip"].includes(own.overflowY) && down > 4) tell("text cut below", el, `${down} px`);
  }

  // Text upon text: the lines of every visible piece of text, from the top, each against those that begin above its end.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node; (node = walker.nextNode()); ) {
    const el = node.parentElement;
    if (!node.data.trim() || el.closest("script, style, noscript, option, svg, math, mjx-container, .katex, [role=tooltip]")) continue;
    if (!seen(el)) continue;
    const { left, right, top, bottom, layer } = frame(el);
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const line = { el, layer, text: node.data, l: Math.max(left, box.left), r: Math.min(right, box.right), t: Math.max(top, box.top), b: Math.min(bottom, box.bottom) };
      if (line.r - line.l <= 2 || line.b - line.t <= 2) continue; // heard, not seen
      lines.push(line);
      const block = home(el).getBoundingClientRect();
      if (box.right > block.right + SLACK + 1 && !frame(el).scrolls && box.left < right) tell("text out of its box", home(el), `${Math.round(box.right - block.right)} px`);
    }
  }
  lines.sort((one, other) => one.t - other.t);
  lines.forEach((one, at) => {
    for (let next = at + 1; next < lines.length && lines[next].t < one.b; next++) {
      const other = lines[next];
      if (other.el === one.el || other.layer !== one.layer) continue;
      const x = Math.min(one.r, other.r) - Math.max(one.l, other.l), y = Math.min(one.b, other.b) - other.t;
      if (x > 3 && y > 0.5 * Math.min(one.b - one.t, other.b - other.t))
        tell("text upon text", one.el, `and ${name(other.el)} “${words(other.text)}”, ${Math.round(x)} × ${Math.round(y)} px`);
    }
  });
  return found;
}
