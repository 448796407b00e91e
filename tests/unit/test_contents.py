"""The table of contents held against the files, and what a malformed one says."""

from __future__ import annotations

import pytest

from malibook.errors import BookError
from malibook.press.contents import configuration, contents_problems, named_documents

TOC = "format: jb-book\nroot: book/welcome\nparts:\n  - chapters:\n      - file: notebooks/01-a\n"


@pytest.fixture
def book(tmp_path, monkeypatch):
    for name in ("data/datapackage.json", "book/welcome.md", "notebooks/01-a.ipynb", "notebooks/profile.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "notebooks" / "contracts.toml").touch()
    monkeypatch.setenv("MALIBOOK_ROOT", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("", ""),
        ("      - file: notebooks/profile\n", ""),  # without a number: it may stand there and need not
        ("      - file: book/lost\n", "names 'book/lost', but there is no such file"),
        ("      - file: notebooks/01-a\n", "names 'notebooks/01-a' twice"),
        ("      - file: book/welcome\n", "names 'book/welcome' twice"),
    ],
)
def test_what_is_named_is_there_and_once(book, more, says):
    (book / "_toc.yml").write_text(TOC + more, encoding="utf-8")
    found = contents_problems()
    assert found == [] if not says else len(found) == 1 and says in found[0] and "_toc.yml" in found[0]


def test_what_is_there_is_named(book):
    (book / "_toc.yml").write_text(TOC, encoding="utf-8")
    (book / "book" / "draft.md").write_text("# Draft\n", encoding="utf-8")
    (found,) = contents_problems()
    assert "does not name 'book/draft'" in found


def test_what_a_deleted_chapter_leaves_behind_is_named(book):
    (book / "_toc.yml").write_text(TOC, encoding="utf-8")
    (book / "notebooks" / "contracts.toml").write_text('["01-a"]\nfigures = []\n["02-b"]\nfigures = []\n')
    (book / "coursework").mkdir()
    for name in ("01-a", "03-c"):
        (book / "coursework" / f"{name}.ipynb").write_text("{}")
    contract, sheet = contents_problems()
    assert "contracts.toml: is for '02-b', but there is no notebooks/02-b.ipynb" in contract
    assert sheet.startswith("coursework/03-c.ipynb: is for '03-c', but there is no notebooks/03-c.ipynb")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("# Café\n".encode("latin-1"), "book/welcome.md, line 1: is not UTF-8"),
        (b"# A\n\nb\0c\n", "book/welcome.md, line 3: holds a NUL byte"),
        (None, "book/welcome.md: cannot be read: Is a directory"),
    ],
)
def test_a_page_that_is_no_text_is_named_with_its_line(book, content, says):
    (book / "_toc.yml").write_text(TOC, encoding="utf-8")
    page = book / "book" / "welcome.md"
    page.unlink()
    page.mkdir() if content is None else page.write_bytes(content)
    (found,) = contents_problems()
    assert found.startswith(says) and "remedy" in found


@pytest.mark.parametrize(
    "content", [b"parts: [\n", TOC.encode("utf-16"), bytes(range(256)), TOC[16:].encode(), b"[" * 9999]
)
def test_a_broken_one_is_refused_with_the_cause(book, content):
    (book / "_toc.yml").write_bytes(content)
    with pytest.raises(BookError, match=r"cannot be read: .*(line 2|decode|utf|lacks 'format'|deeply)"):
        named_documents()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"title: [\n", "line 2"),
        (b"", "names no title"),
        (b"- a", "names no title"),
        (b"title: A\nsphinx: 5\n", "sphinx is no list of settings"),
        ("title: A".encode("utf-16"), "decode"),
    ],
)
def test_a_broken_configuration_is_refused_with_the_cause(book, content, says):
    (book / "_config.yml").write_bytes(content)
    with pytest.raises(BookError, match=rf"_config.yml: cannot be read: .*{says}"):
        configuration()


@pytest.mark.parametrize("text", ["", "- a", "root: [", "parts: []", "root: a\nparts:\n  - chapters:\n      - 3\n"])
def test_a_malformed_one_is_refused(book, text):
    (book / "_toc.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BookError, match="cannot be read") as refused:
        named_documents()
    assert refused.value.where == "_toc.yml"
