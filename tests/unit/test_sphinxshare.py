"""A small book compiled by Sphinx as it is, hastened, and in several processes: the same pages, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from malibook.press.forks import shares
from malibook.press.sphinxshare import reading, stretches

CONF = """
import os
extensions = ["myst_parser", "sphinxcontrib.bibtex"]
bibtex_bibfiles = ["books.bib"]
bibtex_reference_style = "author_year"
bibtex_tooltips = True
numfig = True
html_theme = "basic"
html_copy_source = False
myst_enable_extensions = ["colon_fence", "dollarmath"]
exclude_patterns = ["_build"]

def setup(app):
    if int(os.environ["PROCESSES"]):
        from malibook.press.sphinxspeed import hasten
        hasten(app, int(os.environ["PROCESSES"]))
"""
BIB = "".join(
    f"@book{{b{n},\n  author = {{Author {'ABCDEF'[n]}, Given}},\n  title = {{Title {n}}},\n  year = {{20{n}0}}\n}}\n"
    for n in range(6)
)
INDEX = "# Book\n\n```{{toctree}}\n{pages}\nsources\n```\n\nSee [](#fig-3), {{numref}}`fig-5`, [](p2.md) and {{cite:t}}`b1`.\n"
PAGE = """(page-{n})=
# Page {n}

Text with {{cite:t}}`b{cited}`, {{cite:p}}`b{cited}` and {{cite:p}}`b0,b5`; [the next](#page-{next}); {{download}}`data <d{n}.csv>`.

:::{{figure}} f{n}.svg
:name: fig-{n}
:alt: A square

Figure of page {n}; {{numref}}`fig-{next}` comes after it.
:::

{fill}

```{{py:function}} work{n}(x)
Works, as [](#work{next}) does.
```

[](#work{n}) and $x^{n}$.
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#00{n}"/></svg>'
COUNT = 7


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small-book")
    (folder / "conf.py").write_text(CONF)
    (folder / "books.bib").write_text(BIB)
    (folder / "sources.md").write_text("# Sources\n\n```{bibliography}\n:all:\n```\n")
    (folder / "index.md").write_text(INDEX.format(pages="\n".join(f"p{n}" for n in range(COUNT))))
    for n in range(COUNT):
        page = PAGE.format(n=n, next=(n + 1) % COUNT, cited=n % 6, fill="Words and words. " * 40 * n)
        (folder / f"p{n}.md").write_text(page)
        (folder / f"f{n}.svg").write_text(SVG.replace("{n}", f"{n}{n}{n}{n}"))
        (folder / f"d{n}.csv").write_text(f"n\n{n}\n")
    return folder


def compiled(book: Path, out: Path, processes: int, *words: str) -> subprocess.CompletedProcess:
    """Compile with Sphinx in a Python of its own; 0 processes: Sphinx as it is."""
    env = dict(os.environ) | {"PROCESSES": str(processes), "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}
    command = [sys.executable, "-m", "sphinx", "-q", "-d", str(out / "trees"), *words, str(book), str(out / "html")]
    return subprocess.run(command, env=env, capture_output=True, text=True)


def contents(html: Path) -> dict[str, bytes]:
    """Return what a reader gets: pages, pictures, downloads, the inventory."""
    kinds = (".html", ".svg", ".csv", ".inv")
    return {p.relative_to(html).as_posix(): p.read_bytes() for p in sorted(html.rglob("*")) if p.suffix in kinds}


@pytest.fixture(scope="module")
def plain(book: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("plain")
    done = compiled(book, out, 0)
    assert done.returncode == 0, done.stderr
    return contents(out / "html")


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_the_same_book_comes_out_of_any_number_of_processes(book, plain, tmp_path, processes):
    done = compiled(book, tmp_path, processes)
    assert done.returncode == 0, done.stderr
    found = contents(tmp_path / "html")
    assert sorted(found) == sorted(plain)
    assert [name for name in plain if found[name] != plain[name]] == []
    assert sum(name.startswith("_images") for name in found) == COUNT


def test_an_edit_gives_what_a_fresh_compilation_gives(book, tmp_path):
    page = book / "p6.md"
    before = page.read_text()
    assert compiled(book, tmp_path, 2).returncode == 0
    try:
        page.write_text(before.replace("fig-0` comes after it", "fig-2` came long ago"))
        assert compiled(book, tmp_path, 2).returncode == 0
        assert compiled(book, tmp_path / "fresh", 0).returncode == 0
    finally:
        page.write_text(before)
    edited, fresh = contents(tmp_path / "html"), contents(tmp_path / "fresh" / "html")
    assert [name for name in fresh if edited[name] != fresh[name]] == []
    assert b"came long ago" in edited["p6.html"]


@pytest.mark.parametrize("at", [0, 6])
def test_a_warning_is_heard_from_every_share(book, tmp_path, at):
    page = book / f"p{at}.md"
    before = page.read_text()
    try:
        page.write_text(before + "\n{numref}`fig-nowhere` and {unknown}`role`\n")
        found = compiled(book, tmp_path, 2, "-n", "-W", "--keep-going")
    finally:
        page.write_text(before)
    assert found.returncode != 0
    assert "fig-nowhere" in found.stderr and "unknown" in found.stderr  # one while writing, one while reading


def test_shares_are_even_and_hold_each_name_once():
    weights = {name: weight for weight, name in enumerate("abcdefghij", 1)}
    parts = shares(weights, weights.__getitem__, 3)
    assert sorted(name for part in parts for name in part) == sorted(weights)
    assert max(sum(map(weights.get, part)) for part in parts) <= 20  # of 55 in all
    assert all(part == sorted(part) for part in parts)
    assert shares(reversed(weights), weights.__getitem__, 3) == parts
    assert shares("ab", lambda _: 1, 5) == [["a"], ["b"]]


def test_stretches_keep_the_order():
    weights = dict(zip("abcdefgh", (9, 1, 1, 1, 1, 1, 1, 9), strict=True))
    parts = stretches(list(weights), weights.__getitem__, 2)
    assert [name for part in parts for name in part] == list(weights)
    assert [sum(map(weights.get, part)) for part in parts] == [12, 12]
    assert stretches(["a"], lambda _: 0, 2) == [["a"]]


def test_what_a_page_takes_to_read_counts_what_it_includes(tmp_path):
    (tmp_path / "page.md").write_text(
        ":::{include} table.md\n:::\n:::{include} drawn.md\n:::\n:::{include} gone.md\n:::\n"
    )
    (tmp_path / "table.md").write_text("x" * 1000)
    (tmp_path / "drawn.md").write_text("```{raw} html\n" + "x" * 5000)
    (tmp_path / "numbers.md").write_text(":::{every-number}\n:::\n")
    (tmp_path / "chapter.ipynb").write_text("x" * 700)
    own = (tmp_path / "page.md").stat().st_size
    assert reading(tmp_path / "page.md") == 3 * (own + 1000)
    assert reading(tmp_path / "chapter.ipynb") == 700
    assert reading(tmp_path / "numbers.md") > 100_000
