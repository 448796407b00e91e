"""One chapter as one HTML file that opens from disk: made by nbconvert, with every figure inside it and no request."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from typing import Any

import nbformat
from nbformat import NotebookNode

from malibook.mime import MIME
from malibook.press.cells import code_cell, html_output, markdown_cell, numbered
from malibook.press.furniture.book import Book
from malibook.press.furniture.myst import MARK, Names, document, plain

# nbconvert's own templates load scripts from other hosts; this one keeps its order of cells and nothing else.
TEMPLATE = """{%- extends 'base/null.j2' -%}
{% block input %}<details class="code"><summary>Code of this step</summary><pre tabindex="0"><code>{{ cell.source | e }}</code></pre></details>
{% endblock %}
{% block markdowncell %}{{ cell.source | as_html }}
{% endblock %}
{% block data_priority %}{{ output.data['text/html'] }}
{% endblock %}"""
STYLE = """:root{color-scheme:light}
body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.6 Georgia,"Liberation Serif",serif;color:#1d1d1d;background:#fff}
h1,h2,h3,figcaption,table,summary,.origin,nav{font-family:system-ui,"Segoe UI","Liberation Sans",Arial,sans-serif}
h1{line-height:1.15}h2{margin-top:2.4rem}
a{color:#0b4a8f}.anchor-link{display:none}
figure{margin:2rem 0}figure img{width:100%;height:auto}
figcaption{font-size:.95rem;line-height:1.45}figcaption p{margin:.3rem 0}figcaption .small,.origin{font-size:.82rem;color:#555}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.86rem;font-variant-numeric:tabular-nums;margin:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ddd}
code{overflow-wrap:anywhere}.cited{font-size:.88em}aside{border-left:4px solid #997700;padding:.1rem 1rem;background:#f7f4ea}
details.code{font-size:.78rem;color:#555}details.code summary{cursor:pointer}
pre{overflow-x:auto;background:#f5f5f3;padding:.6rem;font-size:.78rem;line-height:1.4}
.sources li{margin:.35rem 0;overflow-wrap:anywhere;font-size:.88rem}
@media print{details.code{display:none}}"""
PICTURE = "picture:{}"  # nbconvert reads its page again, which takes long with drawings in it: they are set in after it
_PICTURE = re.compile(r"(?<=src=\")picture:([\w-]+)")
_IN_ADDRESS = {"%": "%25", "#": "%23", "&": "%26", '"': "'"}
_BREAK = re.compile(r"\s*\n\s*")
_HEAD = re.compile(r"<\?xml.*?\?>|<!DOCTYPE[^>]*>|<metadata>.*?</metadata>", re.S)
_FIRST = re.compile(r"^#\s+(.+)$", re.M)


def title_of(nb: NotebookNode) -> str:
    """Return a notebook's first heading."""
    heads = (_FIRST.search(cell.source) for cell in nb.cells if cell.cell_type == "markdown")
    return next((found[1].strip() for found in heads if found), "Untitled")


def standalone(executed: NotebookNode, names: Names, book: Book) -> str:
    """Return the page; figures and tables carry `⟦key⟧` where the book's numbers for them will stand."""
    title = title_of(executed)
    drawings = {e["key"]: e["svg"] for e in exhibits_of(executed) if e["kind"] == "figure"}
    body = _exporter().from_notebook_node(readable(executed, names))[0]
    body = _PICTURE.sub(lambda found: picture(drawings[found[1]]), body)
    sources = [(key, names.documents[key]) for key in names.cited if key in names.documents]
    items = "\n".join(
        f'<li id="source-{escape(key)}">{document(row)}</li>'
        for key, row in sorted(sources, key=lambda s: _order(s[1]))
    )
    end = f'<section class="sources"><h2 id="sources">Sources</h2>\n<ul>\n{items}\n</ul></section>' if items else ""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    rules = f"default-src 'none'; style-src 'sha256-{digest}'; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    about = f"{escape(book.title, quote=False)}. {MARK.format('edition')}."
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="{rules}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title, quote=False)} – {escape(book.short_title, quote=False)}</title>
<meta name="author" content="{escape(book.author)}">
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<header class="origin">{about}</header>
<main>
{body.strip()}
{end}
</main>
<footer class="origin"><p>Cite as: {MARK.format("citation")}</p>
<p>Text and figures CC BY 4.0, code MIT, each data table under its own licence. Boundaries on maps imply no judgement on the status of any territory.</p></footer>
</body>
</html>
"""


def script(nb: NotebookNode) -> str:
    """Return a notebook as a Python script, its prose as comments."""
    return _scripter().from_notebook_node(nb)[0]


def exhibits_of(executed: NotebookNode) -> list[dict[str, Any]]:
    """Return all that an executed notebook shows, as its outputs carry it."""
    cells = [cell for cell in executed.cells if cell.cell_type == "code"]
    return [output.data[MIME] for cell in cells for output in cell.outputs if MIME in output.get("data", {})]


def readable(executed: NotebookNode, names: Names) -> NotebookNode:
    """Return an executed notebook whose prose is plain Markdown and whose exhibits are HTML."""
    out = nbformat.v4.new_notebook()
    for cell in executed.cells:
        if cell.cell_type == "markdown":
            out.cells.append(markdown_cell(plain(cell.source, names)))
        else:
            entries = [output.data[MIME] for output in cell.outputs if MIME in output.data]
            shown = [html for entry in entries if (html := exhibit(entry, names))]
            _add_code(out.cells, cell.source, [html_output(html) for html in shown])
    numbered(out.cells)
    return out


def _add_code(cells: list[NotebookNode], source: str, outputs: list[NotebookNode]) -> None:
    """Add code; code that follows code with nothing to see between goes behind the same switch."""
    if cells and cells[-1].cell_type == "code" and not cells[-1].outputs:
        cells[-1].source += "\n\n" + source
        cells[-1].outputs = outputs
    else:
        cells.append(code_cell(source, outputs))


def exhibit(entry: dict[str, Any], names: Names) -> str:
    """Return one figure, table or remark as HTML; empty for what only prose shows."""
    if entry["kind"] == "remark":
        text = markdown(plain(entry["text"], names))
        return f"<aside><p><strong>{escape(entry['title'])}</strong></p>{text}</aside>" if entry["title"] else text
    if entry["kind"] == "figure":
        inner = f'<img alt="{escape(entry["alt"])}" src="{PICTURE.format(entry["key"])}">'
        return _framed(entry, inner, names, first=inner)
    if entry["kind"] == "table":
        inner = f'<div class="wide" tabindex="0" role="group" aria-label="{escape(entry["caption"])}">{markdown(plain(entry["markdown"], names))}</div>'
        return _framed(entry, inner, names, first="")
    return ""


def picture(svg: str) -> str:
    """Return a drawing as an address that holds it; not in base64, which packs badly."""
    slim = _BREAK.sub(" ", _HEAD.sub("", svg)).strip()
    for letter, code in _IN_ADDRESS.items():
        slim = slim.replace(letter, code)
    return f"data:image/svg+xml;charset=utf-8,{slim}"


def markdown(text: str) -> str:
    """Return Markdown as HTML, as nbconvert makes it."""
    return _reader().render(text)


@cache
def _reader():
    """Return nbconvert's reader of Markdown: one for all texts, for it is slow to set up."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    return MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True))


def _framed(entry: dict[str, Any], inner: str, names: Names, first: str) -> str:
    sources = "; ".join(dict.fromkeys(_source(s, names) for s in entry["sources"]))
    note = plain(entry["note"].strip(), names)
    small = f"Source: {sources}." + (f" {note}" if note else "")
    caption = markdown(f"**{MARK.format(entry['key'])}** {plain(entry['caption'], names)}")
    text = f'<figcaption>{caption}<div class="small">{markdown(small)}</div></figcaption>'
    return f'<figure id="{entry["key"]}">{first}{text}{"" if first else inner}</figure>'


def _source(source: dict[str, str], names: Names) -> str:
    return plain(f"{{cite:t}}`{source['id']}`", names) if source["kind"] == "document" else source["text"]


def _order(row: dict[str, str]) -> tuple[str, str]:
    return (row["author"] or row["publisher"] or "").casefold(), row["date"]


@cache
def _exporter():
    """Return nbconvert's exporter with our template; imported late, for it is slow to load."""
    from nbconvert import HTMLExporter, TemplateExporter

    class Exporter(HTMLExporter):
        # nbconvert's own reads the finished page once more, to amend what its templates leave out and ours does not.
        from_notebook_node = TemplateExporter.from_notebook_node

    exporter = Exporter(raw_template=TEMPLATE, default_preprocessors=[])  # none has work here, each checks the notebook
    exporter.register_filter("as_html", markdown)
    return exporter


@cache
def _scripter():
    from nbconvert import PythonExporter

    return PythonExporter()
