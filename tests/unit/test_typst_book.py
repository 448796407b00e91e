"""A small book with every construct, built as the press builds it: the PDF is read back and must hold it all."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DictionaryObject

pytestmark = pytest.mark.slow
SAMPLE = Path(__file__).with_name("test_typst_sample")
OUTPUTS = SAMPLE.with_name("test_typst_outputs.json")
EPOCH = "1791331200"  # 2026-10-07
API = """
import sys
from jupyter_book.sphinx import build_sphinx
sys.exit(build_sphinx("{src}", "{out}", path_config="{src}/_config.yml", noconfig=True, builder="typst",
                      confoverrides={{"nitpicky": True, "latex_individualpages": False}}, warningiserror=True, keep_going=True))
"""


def stage(folder: Path) -> Path:
    """Copy the sample, give its notebook the outputs of a run, write its two big tables; return the folder."""
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    show_outputs(folder / "notebooks" / "rain.ipynb")
    page = folder / "book" / "tables.md"
    wide = ["Place", *[f"Quantity number {n}" for n in range(1, 14)]]
    lines = [wide, ["---"] + ["---:"] * 13, *[[town, *[f"{n},007" for n in range(1, 14)]] for town in ("Gao", "Kidal")]]
    turned = "\n".join("|" + "|".join(line) + "|" for line in lines)
    rows = "\n".join(f"| 20{n // 12:02}-{n % 12 + 1:02} | Station {n} | {n * 13:,} |" for n in range(110))
    text = page.read_text("utf-8")
    text = text.replace("<!-- turned table -->", f"```{{table}} A turned table\n:name: tbl-turned\n\n{turned}\n```")
    long = f"```{{table}} A long table\n:name: tbl-long\n\n| Month | Station | Rain |\n|---|---|---:|\n{rows}\n```"
    page.write_text(text.replace("<!-- long table -->", long), "utf-8")
    return folder


def show_outputs(path: Path) -> None:
    """Write into a notebook what its cells would show; notebooks are committed without outputs, samples too."""
    nb, shown = json.loads(path.read_text("utf-8")), json.loads(OUTPUTS.read_text("utf-8"))
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = shown[cell["id"]]
    path.write_text(json.dumps(nb), "utf-8")


def run(command: list[str], folder: Path) -> str:
    """Run a build; fail with its last lines if it is red."""
    env = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONHASHSEED": "random"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def pdf_file(tmp_path_factory) -> Path:
    """The sample book's PDF, built with the command line, every warning an error."""
    folder = stage(tmp_path_factory.mktemp("book") / "sample")
    script = str(Path(sys.executable).with_name("jupyter-book"))
    run([script, "build", ".", "--builder", "custom", "--custom-builder", "typst", "-nW", "--keep-going"], folder)
    return folder / "_build" / "typst" / "mali.pdf"


@pytest.fixture(scope="session")
def pdf(pdf_file) -> pypdf.PdfReader:
    return pypdf.PdfReader(pdf_file)


@pytest.fixture(scope="session")
def pages(pdf) -> list[str]:
    """The text of each page, white space evened out."""
    return [re.sub(r"\s+", " ", page.extract_text().replace("\u200b", "")) for page in pdf.pages]


@pytest.fixture(scope="session")
def text(pages) -> str:
    return " ".join(pages)


@pytest.fixture(scope="session")
def structure(pdf) -> list[DictionaryObject]:
    """All elements of the tag tree."""
    found, todo = [], [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        node = todo.pop().get_object()
        if isinstance(node, list):
            todo += node
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                todo.append(node["/K"])
    return found


def headings(pdf) -> list[tuple[int, str]]:
    def walk(items, depth):
        for item in items:
            yield from walk(item, depth + 1) if isinstance(item, list) else [(depth, item.title)]

    return list(walk(pdf.outline, 1))


def page_of(pages: list[str], words: str) -> int:
    """Return the first page after the contents that holds these words."""
    return next(n for n, page in enumerate(pages) if n > 2 and words in page)


def squeeze(text: str) -> str:
    """Return the text without white space and capitals: where a line breaks is not the point."""
    return re.sub(r"\s", "", text).lower()


def links(page) -> list[DictionaryObject]:
    return [note.get_object() for note in page.get("/Annots", []) if note.get_object()["/Subtype"] == "/Link"]


@pytest.mark.parametrize(
    "words",
    [
        "Emphasis, strong words, code_in_line, H2O, 103,",
        'Awkward text: # $5 _under_ @name ~ [x] “quoted” it’s 50% – a*b = c/d. A dash – and a long one — and dots…',
        "Ménaka, Ségou, Anéfis, Goïta, Touré, N’Djaména, « à côté », œuvre, Tǝnere, ăḍḷṛṣṭẓ, ɣ, ŋ, ⵜⵎⴰⵌⵈ.",
        "Пригожин, Вагнер. Symbols: ≥ ≤ ± × − → ✓ № ½.",
        "Read Start with the rain.", "Foot of the card", "A folded remark Folded words are printed unfolded.",
        "Second tab Text of the second tab.", "‣ and one below", "2. second with a second paragraph", "☑ done • ☐ to do",
        "Term one Its explanation.", "keeps its attribution. – Somebody, Somewhere", "— A. Author",
        "Lines end here and go on here. The data file is text only.", "def area(width: float, height: float) -> float:",
        "printed output 2", "visible_code = 1 + 1", "Cell picture", "The bound number 1,365 stands in the text.",
        "Fig. 1.1 Rain at one station, in millimetres a month. The second sentence", "Source: invented for the test.",
        "Fig. 1.2 The figure made by a cell", "Note A note, with a footnote", "Warning A warning in two paragraphs. The second",
        "What the evidence cannot say It cannot say this.", "A margin note Words in the margin.", "(1.1)",
        "Table 2.1 A small table of numbers Station Rain (mm) Share Ménaka 212.5 14%", "tombouctou/timbuktu", "best_estimate_of_rain",
        "A table without a title", "Sahel Savanna belt Two names for one strip of land.", "Exercise 1 (Count the wells) Count the wells in Table 2.1 (p. 6).",
        "Exercise An exercise without a number.", "Solution to Exercise 1 (Count the wells) There are two.",
        "Dupont and Traoré [2020] counted it.", "Jean Dupont and Moussa Traoré. Rain at Ségou, by month. Sample Journal of Wells, 2020.",
        "Пётр Иванов. Wells and markets.", "Equation (1.1) is the model.", "as said in How it was measured (p. 5) and Section 1.3 (p. 5)",
    ],
)  # fmt: skip
def test_every_construct_is_printed(text, words):
    assert squeeze(words) in squeeze(text)


@pytest.mark.parametrize(
    "words",
    ["secret_code", "hidden output", "all_hidden", "raw html", "html form", "plain form", "removed_code", "{ref}", "{numref}",
     "{cite", "{term}", "```", ":::", "[^", "<div>", "<br>", "\\hat", "%book", "#fig-", "<Figure>", "sd-", "None"],
)  # fmt: skip
def test_nothing_is_printed_raw_or_against_the_author_s_will(text, words):
    assert words not in text


def test_title_page_says_what_this_is(pages):
    for words in ("A sample book", "Rain, wells and markets", "Aminata Touré, Élodie N’Diaye", "Version 1.2.0",
                  "Commit 0a1b2c3", "Data 2026.10", "Date 2026-10-07", "Text: CC BY 4.0."):  # fmt: skip
        assert words in pages[0]


def test_metadata_and_tags_are_those_of_an_accessible_file(pdf, structure):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert pdf.metadata.title == "A sample book"
    assert "Élodie N’Diaye" in pdf.metadata.author
    assert str(pdf.metadata.creation_date).startswith("2026-10-07 00:00:00")
    kinds = {node["/S"] for node in structure}
    assert {"/H1", "/H2", "/H3", "/TOC", "/Table", "/THead", "/TH", "/L", "/Figure", "/Caption", "/Note", "/Formula",
            "/BlockQuote", "/Code", "/Link"} <= kinds  # fmt: skip


def test_pictures_and_formulas_carry_their_alt_text(structure):
    alts = [node["/Alt"] for node in structure if node["/S"] == "/Figure"]
    assert sorted(alts) == [
        "A blue rectangle.",
        "A line that rises to its highest point in the fourth month and falls after it.",
        "The same line, drawn smaller.",
    ]
    assert any(r"\hat{\beta}_{\text{exit}} = 0.5" in node["/Alt"] for node in structure if node["/S"] == "/Formula")


def test_bookmarks_follow_parts_chapters_and_nested_documents(pdf):
    assert headings(pdf)[3:] == [
        (1, "Welcome"), (2, "What it holds"), (1, "The report"), (2, "1 Rain by month"), (3, "1.1 What the gauges show"),
        (3, "1.2 How this could be wrong"), (3, "1.3 How it was measured"), (4, "1.3.1 Details of method_code and a link"),
        (5, "1.3.1.1 A third level"), (6, "1.3.1.1.1 A fourth level"), (2, "2 Tables of every shape"), (1, "Reference"),
        (2, "Glossary"), (2, "Coursework"), (2, "Sources"), (1, "Index"),
    ]  # fmt: skip


def test_contents_name_the_pages_on_which_things_are(pdf, pages):
    contents = pages[1] + pages[2]
    labels = pdf.page_labels
    for words, heading in (("1.2 How this could be wrong", "It could be wrong."), ("Glossary", "A hole with water in it."),
                           ("Table 2.5 A long table", "A long table"), ("Fig. 1.1 Rain at one station, in millimetres a month", "Source: invented")):  # fmt: skip
        number = re.search(re.escape(words) + r"[ .]*\u2060?(\d+)", contents)[1]
        assert labels[page_of(pages, heading)] == number, words
    assert "second sentence of this caption" not in contents
    assert labels[:4] == ["", "i", "ii", "1"]


def test_running_heads_name_the_chapter_and_spare_its_first_page(pages):
    inner = pages[page_of(pages, "1.2 How this could be wrong")]
    assert inner.startswith("A sample book 1 Rain by month")
    assert not pages[page_of(pages, "The rain fell")].startswith("A sample book")


def test_footnotes_stand_on_their_page_once_and_repeat_their_mark(pages):
    page = pages[page_of(pages, "The rain fell")]
    assert "The rain fell1. It fell again1 and once more2" in page
    assert page.count("The first footnote, with emphasis.") == 1
    assert "A footnote in a caption." in " ".join(pages[page_of(pages, "Fig. 1.1 Rain")].split()[-40:])
    assert page.count("A footnote in a heading.") == 1
    assert "A footnote in a table cell." in pages[page_of(pages, "Table 2.2")]
    assert "footnote" not in (pages[1] + pages[2]).lower()


def test_links_lead_where_they_say(pdf, pages):
    web = {note["/A"]["/URI"] for page in pdf.pages for note in links(page) if "/URI" in note.get("/A", {})}
    assert web == {"https://example.org/page?a=1&b=2#top", "https://example.org/rain"}
    inner = sum("/URI" not in note.get("/A", {}) for page in pdf.pages[3:] for note in links(page))
    assert inner >= 20
    assert len(links(pdf.pages[1]) + links(pdf.pages[2])) >= 18


def test_a_long_table_repeats_its_heading_on_every_page(pages):
    first = page_of(pages, "A long table")
    last = page_of(pages, "Station 109 ")
    assert last - first >= 1
    assert all("Month Station Rain" in pages[n] for n in range(first, last + 1))


def test_a_very_wide_table_stands_on_a_turned_page_of_its_own(pdf, pages):
    turned = [n for n, page in enumerate(pdf.pages) if page.mediabox.width > page.mediabox.height]
    assert turned == [page_of(pages, "A turned table")]


def test_the_index_finds_equal_ids_in_different_documents(pdf, pages):
    places = [pdf.page_labels[page_of(pages, words)] for words in ("Words about rain", "A second place about rain")]
    assert f"rain by month {', '.join(places)}" in pages[-1]
    assert "Savanna belt" in pages[-1]


def test_all_fonts_are_those_of_the_wheels(pdf):
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in pdf.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert fonts
    assert all(re.match(r"/?(Libertinus|DejaVu|NewCM|NewComputerModern)", font) for font in fonts), fonts


def test_the_same_book_gives_the_same_bytes_through_the_api_elsewhere(pdf_file, tmp_path):
    folder = stage(tmp_path / "another place")
    out = folder / "_build" / "typst"
    run([sys.executable, "-c", API.format(src=folder, out=out)], folder)
    assert (out / "mali.pdf").read_bytes() == pdf_file.read_bytes()
