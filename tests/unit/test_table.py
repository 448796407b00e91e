"""Tables: Markdown that shows what the frame holds, whatever the frame holds."""

from __future__ import annotations

import importlib

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from malibook.evidence import load
from malibook.exhibits.table import _as_text, pipe_table
from malibook.house.wording import escape

tables = importlib.import_module("malibook.exhibits.table")  # the room's own `table` is the function


def render(markdown: str) -> str:
    return MarkdownIt("commonmark").enable("table").render(markdown)


def test_a_small_table_reads_as_expected():
    frame = pd.DataFrame({"force": ["FAMa", "Wagner"], "dead": [47, None]})
    text = pipe_table(["Force", "Dead"], _as_text(frame, {"dead": ",.0f"}, ()), [False, True])
    assert text.splitlines() == ["| Force | Dead |", "|:---|---:|", "| FAMa | 47 |", "| Wagner | – |"]


def test_what_a_notebook_shows_is_text_whatever_a_cell_holds(monkeypatch):
    shown: dict[str, str] = {}
    monkeypatch.setattr(tables, "record", lambda entry, out: shown.update(out))
    load("losses")
    frame = pd.DataFrame({"who": ["<img src=x onerror=alert(1)>"], "of": ["{numref}`the map <fig-1-map>`"]})
    tables.table("tbl-1-a", frame, caption="A table of somebody else's words", sources=["losses"], markup=("of",))
    assert "<img" not in shown["text/html"] and "&lt;img" in shown["text/html"]
    assert "{numref}`the map &lt;fig-1-map&gt;`" in shown["text/html"]


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40))
def test_any_text_is_shown_as_it_is(text):
    shown = render("| a |\n|---|\n| x" + escape(text) + "x |")
    plain = shown[shown.index("<td>") + 4 : shown.index("</td>")]
    for code, sign in (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"')):
        plain = plain.replace(code, sign) if code != "&amp;" else plain
    plain = plain.replace("&amp;", "&")
    assert plain == "x" + " ".join(text.split()) + "x"
