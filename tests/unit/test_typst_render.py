"""Single nodes into Typst: what the sample book is too small to show."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import typst
from docutils import nodes
from sphinx import addnodes

import malibook.press.typst  # noqa: F401  (registers the renderers)
from malibook.press.typst import assemble, matter
from malibook.press.typst.escape import label
from malibook.press.typst.figures import length, shorten
from malibook.press.typst.maths import prepare
from malibook.press.typst.render import Book, Scope, render


def scope(*targets: str, **changes: object) -> Scope:
    config = SimpleNamespace(
        numfig=True, numfig_format={"figure": "Fig. %s"}, math_numfig=True, math_numsep=".", typst_toc_depth=2,
        typst_findings=["What it finds"], typst_fine=["Sources"], typst_compact=["glossary"],
    )  # fmt: skip
    env = SimpleNamespace(toc_secnumbers={}, toc_fignumbers={}, metadata={})
    book = Book(env, config, targets={label("a", target) for target in targets})
    book.wanted = set(book.targets)
    return Scope(book, "a", **changes)


def link(text: str, **attributes: object) -> nodes.reference:
    return nodes.reference("", text, **attributes)


def printed(markup: str) -> str:
    """Return the text that Typst sees in a piece of markup."""
    source = f"#let xref(t, b) = b\n#let numref(t, b) = b\n#let weblink(t, b) = b\n#let farref(t, b, ..o) = b\n#metadata([{markup}])<x>"
    tree = json.loads(typst.query(source.encode(), "<x>", field="value", one=True, ignore_system_fonts=True))

    def walk(node):
        if isinstance(node, list):
            return "".join(map(walk, node))
        if not isinstance(node, dict):
            return ""
        if node.get("func") in ("space", "parbreak", "linebreak"):
            return " "
        return node["text"] if isinstance(node.get("text"), str) else "".join(map(walk, node.values()))

    return walk(tree).strip()


def test_a_link_into_the_book_the_web_and_nowhere():
    place = scope("here")
    assert render(link("x", refid="here"), place) == '#xref("a#here")[x]'
    assert render(link("x", refuri="#here"), place) == '#xref("a#here")[x]'
    assert render(link("x", refuri="https://e.org/?a=1&amp;b=2"), place) == '#weblink("https://e.org/?a=1&b=2")[x]'
    assert render(link("x", refuri="../file.csv"), place) == "x"


def test_a_bound_number_links_without_looking_like_a_link():
    number = link("", refuri="%a#here")
    number += nodes.inline("", "1,365", classes=["bound-number"])
    assert render(number, scope("here")) == '#numref("a#here")[1\\,365]'


def test_a_bound_number_without_a_page_to_lead_to_is_plain_text():
    assert render(nodes.inline("", "47", classes=["bound-number"]), scope()) == "47"


def test_a_figure_s_name_and_number_stay_on_one_line():
    reference = addnodes.number_reference("", "Fig. 2.1", refid="here")
    assert "Fig\\.\u00a02\\.1" in render(reference, scope("here"))


def test_an_id_is_written_once_however_often_it_is_met():
    place = scope("x")
    first, again = nodes.paragraph("", "a", ids=["x"]), nodes.paragraph("", "b", ids=["x"])
    assert 'label("a#x")' in render(first, place)
    assert "label" not in render(again, place)


def test_an_id_that_nothing_names_is_not_written():
    place = scope("x")
    place.book.wanted.clear()
    assert "label" not in render(nodes.paragraph("", "a", ids=["x"]), place)


def far(place: Scope, *before: nodes.Node, name: str = "b#fig") -> str:
    """Return the markup of a link to another document, after some text."""
    place.book.targets.add(name)
    mark = link("Fig. 3", refuri=f"%{name}")
    paragraph = nodes.paragraph("", "", *before, mark)
    nodes.document(None, None).append(paragraph)
    return render(mark, place)


def test_a_reference_into_another_chapter_says_its_page():
    assert far(scope()) == '#farref("b#fig")[Fig\\. 3]'
    assert far(scope(), nodes.Text("so it is (see ")) == '#farref("b#fig", open: ", ", close: "")[Fig\\. 3]'
    assert far(scope(), nodes.Text("(so it is) ")) == '#farref("b#fig")[Fig\\. 3]'


def test_terms_and_rows_of_references_and_small_print_get_no_page():
    assert far(scope(), name="glossary#term-x").startswith("#xref(")
    assert far(scope(), name="glossary#").startswith("#farref(")
    assert far(scope(plain=True)).startswith("#numref(")
    place = scope("b")
    place.book.targets |= {f"b#{n}" for n in range(4)}
    assert far(place, *(link("x", refuri=f"%b#{n}") for n in range(4))).startswith("#xref(")


def chapter(*blocks: nodes.Node) -> str:
    """Return the markup of a chapter that begins with these blocks."""
    section = nodes.section("", nodes.title("", "Title"), *blocks, ids=["s"])
    nodes.document(None, None).append(section)
    return render(section, scope())


def test_a_chapter_s_question_is_set_apart_and_its_findings_are_framed():
    ask = nodes.paragraph("", "", nodes.Text(""), nodes.strong("", "Who asks?"), nodes.Text(""))
    finds = nodes.section("", nodes.title("", "What it finds"), nodes.paragraph("", "This."), ids=["f"])
    text = chapter(ask, nodes.paragraph("", "", nodes.strong("", "No question.")), finds)
    assert "#question[Who asks\\?]" in text
    assert text.count("#question") == 1
    assert text.count("#findings[") == 1


@pytest.mark.parametrize(("characters", "where"), [(100, "bottom"), (5000, "auto")])
def test_no_figure_floats_above_a_chapter_s_title(characters, where):
    figure = nodes.figure("", nodes.caption("", "A caption"))
    assert f"float: {where}" in chapter(nodes.paragraph("", "x" * characters), figure)


def numbers_page() -> nodes.section:
    """Return a page of bound numbers: two that rest on the same rows, one that rests on others."""
    items = []
    for key, table in (("dead", "events"), ("wounded", "events"), ("share", "months")):
        term = nodes.term(
            "", "", nodes.strong("", "1,365"), nodes.Text(" deaths "), nodes.literal("", key), ids=[f"n-{key}"]
        )
        rows = nodes.paragraph("", "", link(table, refuri="%dict#t"), nodes.Text(": 3 rows (a, b, c)"))
        items.append(
            nodes.definition_list_item("", term, nodes.definition("", nodes.paragraph("", f"how {key}"), rows))
        )
    listing = nodes.definition_list("", *items, classes=["every-number"])
    own = nodes.section("", nodes.title("", "01-chapter"), listing, ids=["numbers-01"])
    return nodes.section("", nodes.title("", "Every number"), own, ids=["every"])


def test_numbers_that_rest_on_the_same_rows_stand_together():
    page = numbers_page()
    nodes.document(None, None).append(page)
    place = scope("n-dead", "n-wounded", "n-share")
    place.book.targets.add("dict#t")
    place.book.env.titles = {"notebooks/01-chapter": nodes.title("", "The chapter")}
    place.book.env.toc_secnumbers = {"notebooks/01-chapter": {"": (1,)}}
    text = render(page, place)
    assert text.count("3 rows") == 2
    assert text.index("how dead") < text.index("how wounded") < text.index("[events]") < text.index("how share")
    assert all(f'"a#n-{key}"' in text for key in ("dead", "wounded", "share"))
    assert "1\u2002The chapter" in text


def test_ids_in_a_heading_go_behind_it():
    section = nodes.section("", nodes.title("", "", nodes.inline("", "Words", ids=["word"])), ids=["sec"])
    nodes.document(None, None).append(section)
    text = render(section, scope("sec", "word"))
    assert '[Words]#label("a#")' in text
    assert text.index("[Words]") < text.index('label("a#sec")') < text.index('label("a#word")')


def test_a_page_may_keep_its_sections_out_of_the_contents():
    place = scope(depth=2)
    section = nodes.section("", nodes.title("", "1960"))
    assert "listed: true" in render(section[0], place)
    place.book.env.metadata["a"] = {"typst_toc_depth": "1"}
    assert "listed: false" in render(section[0], place)


def test_a_link_in_a_heading_is_plain_text():
    section = nodes.section("", nodes.title("", "", link("x", refid="here")))
    assert render(section[0], scope("here", depth=2)).endswith("[x]")


def test_the_source_line_of_a_table_is_printed_with_it_and_once():
    cell = nodes.row("", nodes.entry("", nodes.paragraph("", "1")))
    table = nodes.table("", nodes.tgroup("", nodes.colspec(), nodes.tbody("", cell)))
    parent = nodes.section("", table, nodes.paragraph("", "Source: UCDP", classes=["source-line"]))
    text = render(parent, scope())
    assert "legend: [Source\\: UCDP]" in text
    assert text.count("UCDP") == 1


def test_lists_keep_their_start_style_and_spacing():
    items = [nodes.list_item("", nodes.paragraph("", text)) for text in "ab"]
    text = render(nodes.enumerated_list("", *items, start=3, enumtype="lowerroman"), scope())
    assert text.startswith('#enum(tight: true, start: 3, numbering: "i.", [a], [b])')
    loose = nodes.list_item("", nodes.paragraph("", "a"), nodes.paragraph("", "b"))
    assert "tight: false" in render(nodes.bullet_list("", loose), scope())


def test_text_after_a_link_is_never_read_as_code():
    line = nodes.paragraph("", "", link("a", refid="here"), nodes.Text("(b).c;d[e]"))
    assert printed(render(line, scope("here"))) == "a(b).c;d[e]"


def test_a_footnote_in_a_caption_is_kept_out_of_the_contents():
    note = nodes.footnote("", nodes.label("", "1"), nodes.paragraph("", "Note"), ids=["f"])
    mark = nodes.footnote_reference("", "1", refid="f")
    place = scope(footnotes={"f": note})
    assert render(mark, place.inside(titling=True)).startswith("#in-place[#footnote[Note]")
    assert render(mark, place) == '#footnote(label("a#footnote-f"))'


def test_an_abbreviation_is_explained_in_print():
    assert printed(render(nodes.abbreviation("", "UN", explanation="United Nations"), scope())) == "UN (United Nations)"


@pytest.mark.parametrize(
    ("tex", "ready"),
    [
        (r"a = b", r"a = b"),
        (r"a &= b \\ c &= d", r"\begin{aligned} a &= b \\ c &= d \end{aligned}"),
        (r"\begin{align*} a &= b \end{align*}", r"\begin{aligned} a &= b \end{aligned}"),
        (r"\begin{equation} x \end{equation}", "x"),
        (r"\begin{cases} 1 & x \\ 0 & y \end{cases}", r"\begin{cases} 1 & x \\ 0 & y \end{cases}"),
        (r"A \& B", r"A \& B"),
    ],
)
def test_formulas_get_the_environment_that_they_lack(tex, ready):
    assert prepare(tex) == ready


def test_a_long_caption_is_cut_after_an_early_sentence_for_the_list():
    first = "Deaths by month in three countries, best estimate, 2012 to 2025."
    assert shorten(f"{first} {'The bars show more. ' * 5}") == first
    assert shorten("Short. Two sentences.") == "Short. Two sentences."
    long = "Deaths by month in three countries, best estimate, 2012 to 2025; the bars show what each data set holds, the line more"
    assert shorten(long) == "Deaths by month in three countries, best estimate, 2012 to 2025"
    assert shorten("no capital. " * 20) == ("no capital. " * 20).strip()


@pytest.mark.parametrize(
    ("given", "typst_length"), [(None, "auto"), ("80%", "80%"), ("300px", "225pt"), ("12cm", "12cm")]
)
def test_widths_become_typst_lengths(given, typst_length):
    assert length(given, nodes.image()) == typst_length


def test_hidden_input_is_removed_and_its_output_kept():
    cell = nodes.container(nb_element="cell_code", hide_mode="input")
    cell += [nodes.container(nb_element="cell_code_source"), nodes.container(nb_element="cell_code_output")]
    tree = nodes.section("", cell)
    assemble.prune(tree)
    assert [child["nb_element"] for child in cell.children] == ["cell_code_output"]


def test_the_words_of_the_book_follow_its_language_and_the_config():
    french = matter.book_words(SimpleNamespace(language="fr_FR", typst_words={"index": "Registre"}))
    assert (french["contents"], french["index"]) == ("Sommaire", "Registre")
    assert matter.book_words(SimpleNamespace(language="de", typst_words={}))["contents"] == "Contents"
