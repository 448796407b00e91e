"""The contact sheet, `_build/look/index.html`: all pictures, to leaf through, by page, width and mode."""

from __future__ import annotations

from html import escape

from malibook.press.look.shots import Shot

STYLE = """
:root { color-scheme: light dark; font: 16px/1.4 system-ui, sans-serif; }
body { margin: 0 1.5rem 3rem; }
form { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: 1rem; padding: .8rem 0; background: Canvas; }
select, input { font: inherit; }
main { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; }
figure { margin: 0; width: 300px; }
figure[data-width="390"] { width: 150px; }
.frame { height: 420px; overflow-y: auto; border: 1px solid GrayText; }
.frame img { display: block; width: 100%; }
figcaption { font-size: .85rem; overflow-wrap: anywhere; }
.fault { color: #c0392b; font-weight: 600; }
"""
SCRIPT = """
const form = document.querySelector("form");
const apply = () => {
  const wanted = Object.fromEntries(new FormData(form));
  document.querySelectorAll("main figure").forEach((one) => {
    one.hidden = Object.entries(wanted).some(([key, value]) => value && one.dataset[key] !== value);
  });
};
form.addEventListener("input", apply);
"""


def sheet(shots: list[Shot], papers: dict[str, list[str]], findings: list[str]) -> str:
    """Return the contact sheet; `papers` are the pages of each PDF, `findings` what the checks say."""
    figures = [_shot(s) for s in shots]
    figures += [_page(name, n, file) for name, files in papers.items() for n, file in enumerate(files, 1)]
    names = [*dict.fromkeys(s.page for s in shots), *papers]
    widths = [*dict.fromkeys(str(s.width) for s in shots)]
    picks = _pick("page", "Page", names) + _pick("width", "Width", widths) + _pick("mode", "Mode", ["light", "dark"])
    listed = "".join(f"<li>{escape(finding)}</li>" for finding in findings)
    found = f"<details open><summary>{len(findings)} findings</summary><ul>{listed}</ul></details>" if findings else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Look: every page</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>\n<body><h1>Every page</h1>\n'
        f"<form>{picks}</form>\n{found}<main>\n"
        + "\n".join(figures)
        + f"\n</main><script>{SCRIPT}</script></body></html>\n"
    )


def _shot(shot: Shot) -> str:
    images = "".join(_image(file, f"{shot.page}, part {n}") for n, file in enumerate(shot.files, 1))
    note = f"{shot.width} px, {shot.scheme}, {shot.height:,} px high" + ("; cut" if shot.cut else "")
    faults = "".join(f'<br><span class="fault">{escape(fault)}</span>' for fault in shot.faults)
    return _figure(shot.page, str(shot.width), shot.scheme, images, f"{escape(shot.page)}<br>{note}{faults}")


def _page(name: str, number: int, file: str) -> str:
    return _figure(name, "", "", _image(file, f"{name}, page {number}"), f"{escape(name)}, page {number}")


def _figure(page: str, width: str, mode: str, images: str, caption: str) -> str:
    data = f'data-page="{escape(page)}" data-width="{width}" data-mode="{mode}"'
    return f'<figure {data}><div class="frame" tabindex="0">{images}</div><figcaption>{caption}</figcaption></figure>'


def _image(file: str, alt: str) -> str:
    return f'<a href="{escape(file)}"><img loading="lazy" src="{escape(file)}" alt="{escape(alt)}"></a>'


def _pick(name: str, label: str, values: list[str]) -> str:
    options = "".join(f"<option>{escape(value)}</option>" for value in values)
    return f'<label>{label} <select name="{name}"><option value="">all</option>{options}</select></label>'
