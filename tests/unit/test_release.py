"""A release: what it holds, that its bytes are always the same, and what it refuses. The built book is a small stand-in."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import zipfile

import pytest

from malibook.errors import BookError
from malibook.press import release as releasing
from malibook.press.agreement import unreleased
from malibook.press.downloads import package_zip
from malibook.press.metadata import facts
from malibook.press.unchanged import inputs, remember_standing
from tests.conftest import ROOT, copy_of_the_book

DESCRIBED = ("CITATION.cff", "pyproject.toml", "CHANGELOG.md", ".zenodo.json", "codemeta.json")
VERSION = facts(ROOT).version
STEM = f"malibook-{VERSION}"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A book, as committed, with outputs as a build leaves them, and no unreleased changes."""
    book = copy_of_the_book(tmp_path_factory.mktemp("release") / "book")
    for name in DESCRIBED:
        shutil.copy(ROOT / name, book / name)
    text = (book / "CHANGELOG.md").read_text(encoding="utf-8")
    text = re.sub(r"(## Unreleased\n).*?(?=^## )", r"\1\n", text, flags=re.S | re.M)
    (book / "CHANGELOG.md").write_text(text, encoding="utf-8")
    (book / ".gitignore").write_text("_build/\n", encoding="utf-8")
    built = {
        "html/index.html": "<p>é",
        "html/book/a b.html": "<p>",
        "pdf/mali.pdf": "%PDF",
        "pdf/mali-letter.pdf": "%P",
    }
    built |= {"epub/mali.epub": "PK", "receipt.json": "{}", "ledger.json": "[]", "executed/01.ipynb": "{}"}
    for name, text in built.items():
        path = book / "_build" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(book, "init", "-q")
    git(book, "add", "-A")
    git(book, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "book")
    return book


def git(book, *words: str) -> None:
    subprocess.run(["git", "-C", str(book), *words], check=True, capture_output=True)


@pytest.fixture
def book(whole, monkeypatch):
    """The same, made the present one and put back afterwards."""
    monkeypatch.setenv("MALIBOOK_ROOT", str(whole))
    remember_standing(("html", "pdf", "epub"), inputs())
    yield whole
    git(whole, "checkout", "-q", ".")


def test_a_release_holds_what_it_should_with_checksums(book, tmp_path):
    out = tmp_path / "a" / "dist"
    sums = releasing.release(out, f"v{VERSION}")
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    named = {f"{STEM}-html.zip", f"{STEM}.pdf", f"{STEM}-letter.pdf", f"{STEM}.epub", f"{STEM}-data.zip"}
    assert set(files) == named | {"receipt.json", "SHA256SUMS"}
    assert sums == {n: hashlib.sha256(c).hexdigest() for n, c in files.items() if n != "SHA256SUMS"}
    assert releasing.sums_of(out) == sums
    done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=out, capture_output=True)
    assert done.returncode == 0
    assert files[f"{STEM}-data.zip"] == package_zip()
    with zipfile.ZipFile(io.BytesIO(files[f"{STEM}-html.zip"])) as archive:
        assert archive.namelist() == [f"{STEM}-html/book/a b.html", f"{STEM}-html/index.html"]
        assert archive.read(f"{STEM}-html/index.html").decode() == "<p>é"
    assert sorted(path.name for path in out.parent.iterdir()) == ["dist"]


def test_its_bytes_are_the_same_again_and_an_earlier_release_is_replaced(book, tmp_path):
    first = releasing.release(tmp_path / "one")
    (tmp_path / "one" / f"{STEM}.pdf").write_bytes(b"broken")
    for path in (book / "_build" / "html").rglob("*"):
        path.touch()
    assert releasing.release(tmp_path / "one") == first == releasing.release(tmp_path / "two")
    read = [(tmp_path / name / "SHA256SUMS").read_bytes() for name in ("one", "two")]
    assert read[0] == read[1] and (tmp_path / "one" / f"{STEM}.pdf").read_bytes() == b"%PDF"


def change(path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "before", "after", "tag", "told"),
    [
        ("CHANGELOG.md", f"## {VERSION} (", "## 9.9.9 (", "", "CHANGELOG.md: newest release"),
        ("pyproject.toml", f'version = "{VERSION}"', 'version = "9.9.9"', "", "pyproject.toml: version"),
        ("codemeta.json", VERSION, "9.9.9", "", "codemeta.json"),
        ("CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n- More.\n", f"v{VERSION}", "Unreleased holds changes"),
        ("CHANGELOG.md", "# Changelog", "# Changes", f"v{VERSION}", "not committed"),
        ("CHANGELOG.md", "# Changelog", "# Changelog", "v9.9.9", "tag 'v9.9.9'"),
        ("CHANGELOG.md", "# Changelog", "# Changelog", VERSION, "tag"),
    ],
)
def test_what_disagrees_is_refused_and_nothing_is_written(book, tmp_path, name, before, after, tag, told):
    change(book / name, before, after)
    with pytest.raises(BookError, match=re.escape(told)) as refused:
        releasing.release(tmp_path / "dist", tag)
    assert refused.value.remedy and list(tmp_path.iterdir()) == []


def test_a_rehearsal_may_have_unreleased_changes(book, tmp_path):
    change(book / "CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n- More.\n")
    assert unreleased(book)
    remember_standing(("html", "pdf", "epub"), inputs())
    assert releasing.release(tmp_path / "dist")


@pytest.mark.parametrize("name", ["html/index.html", "pdf/mali.pdf", "epub/mali.epub", "receipt.json"])
def test_a_book_that_is_not_built_from_this_is_refused(book, tmp_path, name):
    path = book / "_build" / name
    kept = path.read_bytes()
    path.write_bytes(kept + b" ")
    try:
        with pytest.raises(BookError, match="not made from what is here now"):
            releasing.release(tmp_path / "dist")
    finally:
        path.write_bytes(kept)
    change(book / "_toc.yml", "root:", "root: ")
    with pytest.raises(BookError, match="not made from what is here now"):
        releasing.release(tmp_path / "dist")


def test_a_folder_with_other_files_is_left_alone(book, tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(BookError, match=r"other files \(thesis.docx\)"):
        releasing.release(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]
    with pytest.raises(BookError, match="is no folder"):
        releasing.release(tmp_path / "thesis.docx")
