"""Tables: Markdown that shows what the frame holds, whatever the frame holds."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from malibook.exhibits.table import _as_text, escape, pipe_table


def render(markdown: str) -> str:
    return MarkdownIt("commonmark").enable("table").render(markdown)


def test_a_small_table_reads_as_expected():
    frame = pd.DataFrame({"force": ["FAMa", "Wagner"], "dead": [47, None]})
    text = pipe_table(["Force", "Dead"], _as_text(frame, {"dead": ",.0f"}, ()), [False, True])
    assert text.splitlines() == ["| Force | Dead |", "|:---|---:|", "| FAMa | 47 |", "| Wagner | – |"]


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40))
def test_any_text_is_shown_as_it_is(text):
    shown = render("| a |\n|---|\n| x" + escape(text) + "x |")
    plain = shown[shown.index("<td>") + 4 : shown.index("</td>")]
    for code, sign in (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"')):
        plain = plain.replace(code, sign) if code != "&amp;" else plain
    plain = plain.replace("&amp;", "&")
    assert plain == "x" + " ".join(text.split()) + "x"
