"""How fast is the press beside what one would use instead? Run it: `python run.py bench [--rounds N] [--write]`; `bench sweep` is another.

Every comparison is a pair, run in turn on the same machine and the same book: `jupyter-book build` with
`execute_notebooks: force` for the book, a loop of `papermill` and `jupyter nbconvert --execute` for notebooks alone.
Printed are ratios (ours divided by theirs; smaller is faster) as minimum, median and maximum over the rounds, beside the
seconds. Every measurement is kept at once in `_build/bench.jsonl`, so that a run that is cut short loses only what was
running; `--write` puts all that is kept there into docs/benchmarks.md. Nothing else of the repository is touched.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from options import options

ROOT = Path(__file__).resolve().parents[1]
BOOK = (
    "_config.yml",
    "_toc.yml",
    "requirements.txt",
    "book",
    "notebooks",
    "data",
    "editions.toml",
    "coursework",
    "sweeps.toml",
)
EDITED = "03-tinzaouatene"
HTML_ONLY = ("--no-pdf", "--no-epub")
SWEEPS = "\n## Sweeps\n"
WEIGHT = ROOT / "_build" / "bench-weight.txt"
KEPT = ROOT / "_build" / "bench.jsonl"
Row = tuple[str, str, str, list[float], list[float]]


def main() -> int:
    if sys.argv[1:2] == ["sweep"]:  # `python run.py bench sweep …`
        import sweep

        del sys.argv[1]
        return sweep.main()
    given = options(
        __doc__, "default 3", "docs/benchmarks.md",
        book_only="leave the small notebooks out", notebooks_only="leave the whole book out",
    )  # fmt: skip
    if given.fresh:
        KEPT.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="malibook-bench-") as name:
        folder = Path(name)
        for _ in range(given.rounds):
            if not given.book_only:
                notebooks_alone(folder)
            if not given.notebooks_only:
                whole_book(folder)
    text = report(kept())
    print(text)
    if given.write:
        page = ROOT / "docs" / "benchmarks.md"
        sweeps = page.read_text(encoding="utf-8").partition(SWEEPS)[1:]  # written by benchmarks/sweep.py
        page.write_text(text + "".join(sweeps), encoding="utf-8")
    return 0


def notebooks_alone(folder: Path) -> None:
    """Five small notebooks of another book: a table, three figures, a parameter each."""
    sources = [_small(folder / "small" / f"{number:02d}.ipynb", number) for number in range(1, 6)]
    press = (
        "import sys; from concurrent.futures import ThreadPoolExecutor as P; from pathlib import Path; "
        "from malibook.press.execute import execute\n"
        "if __name__ == '__main__':\n"
        f"    list(P({os.cpu_count()}).map(lambda p: execute(Path(p), Path(p).parent / 'out' / Path(p).name, {{}}), sys.argv[1:]))"
    )
    loop = (
        "import sys, papermill\n"
        "for p in sys.argv[1:]: papermill.execute_notebook(p, p + '.out.ipynb', progress_bar=False, kernel_name='python3')"
    )
    convert = [
        _tool("jupyter"),
        "nbconvert",
        "--to",
        "notebook",
        "--execute",
        "--output-dir",
        str(folder / "converted"),
    ]
    ours = lambda: run([sys.executable, "-c", press, *sources], folder)  # noqa: E731
    theirs = lambda: run([sys.executable, "-c", loop, *sources], folder)  # noqa: E731
    pair("Five small notebooks", "papermill in a loop", "1/3", ours, theirs)
    pair("Five small notebooks", "nbconvert --execute", "1/3", ours, lambda: run([*convert, *sources], folder))


def whole_book(folder: Path) -> None:
    """This book: from nothing, unchanged, one notebook edited, one table changed."""
    ours, theirs = folder / "ours", folder / "theirs"
    if not ours.exists():
        ours.mkdir()
        for name in BOOK:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, ours / name)
        build(ours)  # lays out the stage from which theirs is made
        _baseline(ours, theirs)
    fresh = lambda: shutil.rmtree(ours / "_build", ignore_errors=True)  # noqa: E731
    clean = lambda: shutil.rmtree(theirs / "_build", ignore_errors=True)  # noqa: E731
    book = lambda: jupyter_book(theirs)  # noqa: E731
    html = lambda: build(ours, *HTML_ONLY)  # noqa: E731
    pair("HTML from nothing", "jupyter-book build, force", "1/3", html, book, fresh, clean)
    fresh()
    cold = timed(lambda: build(ours))
    keep(
        "HTML, PDF and EPUB from nothing",
        "jupyter-book build, force (HTML only)",
        "1/2",
        cold,
        last(book_of="HTML from nothing"),
    )
    html()
    pair(
        "HTML, nothing changed",
        "jupyter-book build again",
        "1/4",
        html,
        lambda: jupyter_book(theirs, execute="off"),
        before_theirs=lambda: jupyter_book(theirs, execute="off"),
    )
    count = f"{time.time_ns()}"
    edit = lambda tree: lambda: _edit(tree / "notebooks" / f"{EDITED}.ipynb", count)  # noqa: E731
    pair(
        "HTML, one notebook edited",
        "its own run by papermill, then jupyter-book's one-page build",
        "1",
        html,
        lambda: one_page(theirs),
        edit(ours),
        edit(theirs),
    )
    WEIGHT.write_text(weight(ours / "_build" / "html"), encoding="utf-8")


def one_page(tree: Path) -> None:
    """What an edit costs by hand: papermill runs that notebook, jupyter-book builds what changed, without running any."""
    path = tree / "notebooks" / f"{EDITED}.ipynb"
    run([_tool("papermill"), str(path), str(path), "--no-progress-bar", "-k", "python3"], tree)
    jupyter_book(tree, execute="off")


def pair(
    what: str,
    instead: str,
    target: str,
    ours: Callable[[], None],
    theirs: Callable[[], None],
    before: Callable[[], None] = lambda: None,
    before_theirs: Callable[[], None] = lambda: None,
) -> None:
    """Time both in turn, each with its preparation untimed, and keep the seconds."""
    before()
    mine = timed(ours)
    before_theirs()
    keep(what, instead, target, mine, timed(theirs))


def keep(what: str, instead: str, target: str, mine: float, others: float) -> None:
    """Write one measurement down."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps([what, instead, target, round(mine, 2), round(others, 2)]) + "\n")
    print(f"{what}: {mine:.1f} s against {others:.1f} s ({instead})", file=sys.stderr, flush=True)


def kept() -> list[Row]:
    """Return all measurements, one row a pair."""
    rows: dict[tuple[str, str, str], tuple[list[float], list[float]]] = {}
    for line in KEPT.read_text(encoding="utf-8").splitlines():
        what, instead, target, mine, others = json.loads(line)
        both = rows.setdefault((what, instead, target), ([], []))
        both[0].append(mine)
        both[1].append(others)
    return [(*key, *both) for key, both in rows.items()]


def last(book_of: str) -> float:
    """Return the last time of the other side in a pair that was measured already: the same build need not run twice."""
    return next(others[-1] for what, _, _, _, others in kept() if what == book_of)


def report(rows: list[Row]) -> str:
    """Return the results as a page: ratios first, seconds beside them, the machine below."""
    out = [
        "# Benchmarks",
        "",
        "The press beside what one would use instead, run in turn on one machine (`python run.py bench --write`). A ratio is our time",
        "divided by theirs: smaller is faster. Minimum – **median** – maximum over the rounds.",
        "",
        "| what | instead of | ratio | aim | ours, s | theirs, s |",
        "|---|---|---|---|---|---|",
    ]
    for what, instead, target, mine, others in rows:
        ratios = [a / b for a, b in zip(mine, others, strict=True)]
        spread = f"{min(ratios):.2f} – **{statistics.median(ratios):.2f}** – {max(ratios):.2f}"
        out.append(
            f"| {what} | {instead} | {spread} | {target} | {statistics.median(mine):.1f} | {statistics.median(others):.1f} |"
        )
    machine = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    rounds = {len(mine) for *_, mine, _ in rows}
    counted = f"{min(rounds)} to {max(rounds)} rounds" if len(rounds) > 1 else f"{rounds.pop()} rounds"
    weights = WEIGHT.read_text(encoding="utf-8") if WEIGHT.exists() else ""
    return "\n".join([*out, "", f"{counted}; {machine}.", "", weights, ""])


def weight(html: Path) -> str:
    """Return the weight of the heaviest chapter on its first load, compressed, with all that it asks for."""
    if not html.is_dir():
        return ""
    import gzip

    def size(path: Path) -> int:
        content = path.read_bytes()
        return len(gzip.compress(content, 6)) if path.suffix not in (".woff2", ".png") else len(content)

    totals = {}
    for page in sorted((html / "notebooks").glob("*.html")):
        text = page.read_text(encoding="utf-8")
        asked = {
            page,
            *(
                (page.parent / found).resolve()
                for found in re.findall(r'(?:src|href)="([^"?#:]+\.(?:css|js|svg|png))', text)
            ),
        }
        totals[page.stem] = sum(size(path) for path in asked if path.is_file()) / 1000
    worst = max(totals, key=totals.get)
    return f"Page weight, compressed, all figures loaded: {min(totals.values()):.0f} to {totals[worst]:.0f} KB a chapter (heaviest: {worst})."


def build(book: Path, *words: str) -> None:
    run([sys.executable, "-m", "malibook", "build", *words], book, MALIBOOK_ROOT=str(book))


def jupyter_book(tree: Path, execute: str = "force") -> None:
    """Build with plain Jupyter Book; it warns of numbered references that only our exhibits give, and goes on."""
    config = tree / "_config.yml"
    text = re.sub(r"execute_notebooks: .*", f'execute_notebooks: "{execute}"', config.read_text(encoding="utf-8"))
    if text != config.read_text(encoding="utf-8"):
        config.write_text(text, encoding="utf-8")
    run([_tool("jupyter-book"), "build", str(tree)], tree)
    if not (tree / "_build" / "html" / "index.html").exists():
        raise SystemExit("jupyter-book made no book: the comparison would be worth nothing")


def run(command: list[str], folder: Path, **env: str) -> None:
    environment = dict(os.environ) | {"MALIBOOK_ROOT": str(ROOT)} | env
    done = subprocess.run([str(c) for c in command], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))[:200]}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _baseline(ours: Path, theirs: Path) -> None:
    """Lay out the same book for plain Jupyter Book: our staged pages, the notebooks as committed, execution on."""
    shutil.copytree(ours / "_build" / "stage", theirs)
    for path in (ours / "notebooks").glob("*.ipynb"):
        shutil.copy2(path, theirs / "notebooks" / path.name)
    config = (theirs / "_config.yml").read_text(encoding="utf-8")
    config = config.replace('execute_notebooks: "off"', 'execute_notebooks: "force"\n  timeout: 300')
    (theirs / "_config.yml").write_text(config, encoding="utf-8")


def _edit(path: Path, number: str) -> None:
    nb = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in reversed(nb["cells"]) if c["cell_type"] == "code")
    cell["source"] = (
        [*cell["source"], f"\n# edit {number}"]
        if isinstance(cell["source"], list)
        else cell["source"] + f"\n# edit {number}"
    )
    path.write_text(json.dumps(nb), encoding="utf-8")


def _small(path: Path, number: int) -> str:
    plot = "fig, ax = plt.subplots()\nax.plot(np.sin(np.arange(200) / (10 + {n})))\nax.set_title('{n}')\nplt.show()"
    cells = [
        new_markdown_cell(f"# Notebook {number}\n\nA small notebook of some other book."),
        new_code_cell(f"scale = {number}", metadata={"tags": ["parameters"]}),
        new_code_cell("%matplotlib inline\nimport numpy as np, pandas as pd, matplotlib.pyplot as plt"),
        new_code_cell("pd.DataFrame({'x': range(10), 'y': np.arange(10) * scale}).describe()"),
        *(new_code_cell(plot.replace("{n}", str(n))) for n in range(3)),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)
    return str(path)


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


if __name__ == "__main__":
    raise SystemExit(main())
