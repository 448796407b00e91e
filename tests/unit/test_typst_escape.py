"""Any text goes into Typst source and comes out as it was."""

from __future__ import annotations

import json
import re
import string as ascii_

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from malibook.press.typst.escape import BREAKS, CONTROL, anchor, array, escape, label, string, value

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SYNTAX = st.text(st.sampled_from(ascii_.punctuation + " \n\tab1é–\u00a0"), max_size=30)
TRAPS = [
    "= heading", "- item", "+ item", "/ term: x", "1. one", "a // b", "/* c */", "*b* _e_ `r`", "$x$", "#emph[x]", "@ref",
    "<label>", "https://example.org/a_b?c=1", "it's \"so\"", "a -- b --- c ...", "~", "\\", "\\u{41}", "a\\ b", "[x](y)",
    "a\n\nb", "50 % #5 & {x}", "«\u00a0à côté\u00a0»", ";", "(x).y", "]", "[", "\u2028", "\x00\x07",
]  # fmt: skip


def query(source: str) -> object:
    """Return what Typst makes of `#metadata(…)`, as JSON."""
    text = f"#metadata({source})<x>".encode()
    return json.loads(typst.query(text, "<x>", field="value", one=True, ignore_system_fonts=True))


def flat(node: dict) -> str:
    """Return the text of a content tree; anything but text and spaces is syntax that escaped us."""
    if node["func"] == "sequence":
        return "".join(flat(child) for child in node["children"])
    assert node["func"] in ("text", "symbol", "space"), node
    return node.get("text", " ")


def expected(text: str) -> str:
    return re.sub(" +", " ", BREAKS.sub(" ", CONTROL.sub("", text)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(ANY_TEXT, SYNTAX), min_size=1, max_size=8))
@example(["a\\", ""])
def test_any_text_survives_markup(texts):
    found = query(array(f"[x{escape(text)}x]" for text in texts))
    assert [flat(node) for node in found] == [expected(f"x{text}x") for text in texts]


@pytest.mark.parametrize("text", TRAPS)
def test_traps_survive_at_every_place(text):
    for before, after in (("", ""), ("#emph[x]", ""), ("", "#emph[x]"), ("x ", " x")):
        body = json.dumps(query(f"[{before}{escape(text)}{after}]"))
        funcs = set(re.findall(r'"func": "(\w+)"', body))
        assert funcs <= {"text", "symbol", "space", "sequence", "emph"}, body


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(ANY_TEXT, SYNTAX), min_size=1, max_size=8))
def test_any_text_survives_as_a_string(texts):
    plain = [CONTROL.sub("", re.sub("\r\n?", "\n", text)).replace("\t", "    ") for text in texts]
    assert query(array(string(text) for text in texts)) == plain


def test_values_become_typst_values():
    data = {"a b": [1, 2.5, True, None], "e": [], "m": {}, "t": 'q"\\', "one": ["x"]}
    assert query(value(data)) == data


def test_a_value_without_typst_form_is_refused():
    with pytest.raises(TypeError, match="no Typst form for object"):
        value(object())


def test_arrays_of_one_stay_arrays():
    assert (array([]), array(["1"]), array(["1", "2"])) == ("()", "(1,)", "(1, 2,)")


def test_labels_of_two_documents_differ_though_their_ids_are_equal():
    names = {label("a/b", "index-0"), label("a", "index-0"), label("a/b"), label("a-b", "index-0")}
    assert len(names) == 4
    source = "".join(anchor(name) for name in sorted(names)) + f"#link(label({string('a/b#index-0')}))[go]"
    assert typst.compile(source.encode()).startswith(b"%PDF")
