"""What cannot be printed stops the build and says what and where."""

from __future__ import annotations

import io
import re

import pytest
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from malibook.press.typst.compile import SCREEN, TypstBuildError

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9" font-family="DejaVu Sans">{}</text></svg>'
)


def build(folder, pages: dict[str, str], setup=None, **config):
    """Build a book of these pages in this process; return its warnings as plain text."""
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")
    config = {"extensions": ["myst_parser", "malibook.press.typst"], "project": "Faults", "author": "A", **config}
    config.setdefault("myst_enable_extensions", ["dollarmath"])
    log, out = io.StringIO(), folder / "_build"
    with patch_docutils(str(folder)), docutils_namespace():
        app = Sphinx(folder, None, out, out / ".doctrees", "typst", config, status=None, warning=log)
        if setup:
            setup(app)
        try:
            app.build()
        finally:
            build.log = re.sub(r"\x1b\[[0-9;]*m", "", log.getvalue())
    return build.log


class strange(nodes.General, nodes.Element):  # noqa: N801
    """A node that no renderer knows."""


class Strange(Directive):
    def run(self):
        node = strange()
        node.source, node.line = self.state_machine.get_source_and_line(self.lineno)
        return [node]


def add_strange(app):
    app.add_directive("strange", Strange)


def test_an_unknown_node_is_named_with_document_and_line(tmp_path):
    page = "# Page\n\nText.\n\n```{strange}\n```\n\nA formula $\\frac{1$.\n"
    (tmp_path / "_build").mkdir()
    (tmp_path / "_build" / "mali.pdf").write_bytes(b"last year's")
    with pytest.raises(TypstBuildError, match="2 things could not be printed"):
        build(tmp_path, {"index.md": page}, add_strange)
    assert re.search(r"index\.md:5: ERROR: typst: cannot print a <strange> node in index", build.log)
    assert re.search(r"index\.md:8: ERROR: typst: formula not understood in index", build.log)
    assert not (tmp_path / "_build" / "mali.pdf").exists()


def test_a_typst_error_names_the_page_and_line_and_fits_a_screen(tmp_path):
    bad = "\n\n".join(f"```{{raw}} typst\n#missing-{n}\n```" for n in range(40))
    with pytest.raises(TypstBuildError) as caught:
        build(tmp_path, {"index.md": f"# Page\n\nText.\n\n{bad}\n"})
    text = str(caught.value)
    assert text.startswith("index.md, line 5: error: unknown variable: missing-0")
    assert "#missing-0" in text
    assert len(text.splitlines()) <= SCREEN + 1


def test_a_letter_that_no_font_has_stops_the_build(tmp_path):
    with pytest.raises(TypstBuildError, match=r"(?s)index\.md, line 3.*中.*could not be displayed"):
        build(tmp_path, {"index.md": "# Page\n\nThe letter 中.\n"})


def test_a_letter_missing_in_a_picture_names_the_picture(tmp_path):
    (tmp_path / "good.svg").write_text(SVG.format("Ménaka"), "utf-8")
    (tmp_path / "bad.svg").write_text(SVG.format("中"), "utf-8")
    with pytest.raises(TypstBuildError, match=r"in the picture bad\.svg:\n.*中"):
        build(tmp_path, {"index.md": "# Page\n\n![good](good.svg)\n\n![bad](bad.svg)\n"})


def test_an_image_without_alt_text_is_a_warning(tmp_path):
    (tmp_path / "a.svg").write_text(SVG.format("a"), "utf-8")
    page = "# Page\n\n![](a.svg)\n\n```{figure} a.svg\nThe caption\n```\n"
    log = build(tmp_path, {"index.md": page})
    assert log.count("image without alt text: a.svg") == 2
    assert not build(tmp_path, {}, suppress_warnings=["typst.alt"])


def test_a_table_too_wide_for_any_page_is_a_warning(tmp_path):
    wide = "|" + "|".join(f"Heading{n}" for n in range(30)) + "|\n|" + "---|" * 30 + "\n|" + "12345678|" * 30
    log = build(tmp_path, {"index.md": f"# Page\n\n{wide}\n"})
    assert "index.md:3: WARNING: typst: table too wide even for a turned page" in log


def test_a_link_to_what_is_not_printed_is_a_warning(tmp_path):
    log = build(
        tmp_path, {"index.md": "# Page\n\n{ref}`x <lost>`\n", "orphan.md": "---\norphan: true\n---\n(lost)=\n# Lost\n"}
    )
    assert "index.md:3: WARNING: typst: the link target orphan#lost is not in the printed book" in log


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("typst_paper", "a3", "choose one of a4, us-letter"),
        ("typst_pdf_name", "../x.pdf", "file name that ends in .pdf"),
        ("typst_data_version", 2026.1, "put it in quotes"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_remedy(tmp_path, name, given, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        build(tmp_path, {"index.md": "# Page\n"}, **{name: given})


def test_without_a_source_date_no_date_is_printed_and_builds_are_equal(tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    pdf = tmp_path / "_build" / "mali.pdf"
    build(tmp_path, {"index.md": "# Page\n"}, typst_paper="us-letter")
    first = pdf.read_bytes()
    build(tmp_path, {"index.md": "# Page\n"}, typst_paper="us-letter")
    assert pdf.read_bytes() == first
    assert b"/CreationDate" not in first
