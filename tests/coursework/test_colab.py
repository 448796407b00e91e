"""What the button *Colab* leads to: the cell of the page, run as Colab would, with a stand-in for pip that needs no network.

A kernel of Colab has its own IPython and no library of ours. Here `python -S` has neither packages nor library: what the
chapters import must come from the clone and from what the start file asked pip for.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

from malibook.press.furniture import launch
from malibook.press.imports import file_of, modules_used
from malibook.press.notebooks import chapters, path_of, read
from tests.conftest import ROOT, copy_of_the_book

pytestmark = pytest.mark.slow
START = ROOT / launch.COLAB_START
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
# Stands for pip: writes down what it was asked, and puts links to this environment's own packages where pip would put them.
PIP = """
import json, pathlib, sys
from importlib import metadata
words = sys.argv[1:]
target, wanted = (pathlib.Path(words[words.index(name) + 1]) for name in ("--target", "-r"))
sys.path.append(SITE)
for line in wanted.read_text().splitlines():
    if "==" in line:
        for file in metadata.distribution(line.split("==")[0]).files:
            top = file.parts[0]
            if top not in ("..", "__pycache__") and not (target / top).exists():
                (target / top).symlink_to(pathlib.Path(SITE) / top)
pathlib.Path(RECORD).open("a").write(json.dumps(words) + "\\n")
"""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(roots: set[str], python: str) -> set[str]:
    """Return these packages and all that they need, by their own word, on Linux."""
    there = default_environment() | {"python_version": python, "python_full_version": f"{python}.1", "extra": ""}
    there |= {"sys_platform": "linux", "platform_system": "Linux"}
    out: set[str] = set()
    waiting = [normal(name) for name in roots]
    while waiting:
        name = waiting.pop()
        if name not in out:
            out.add(name)
            asked = [Requirement(text) for text in metadata.requires(name) or []]
            waiting += [normal(q.name) for q in asked if q.marker is None or q.marker.evaluate(there)]
    return out


def code() -> list[str]:
    return [c.source for name in chapters() for c in read(path_of(name)).cells if c.cell_type == "code"]


def imported() -> set[str]:
    """Return the packages that the chapters and what they reach of the library import anywhere."""
    sources = code()
    sources += [file_of(m).read_text(encoding="utf-8") for m in modules_used(sources) if m.startswith("malibook")]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    names = {a.name.split(".")[0] for n in nodes if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module.split(".")[0] for n in nodes if isinstance(n, ast.ImportFrom) and n.module and not n.level}
    owners = metadata.packages_distributions()
    return {normal(owners[name][0]) for name in names - set(sys.stdlib_module_names) - {"malibook"}}


@pytest.fixture(scope="module")
def start():
    """The start file as a module."""
    spec = importlib.util.spec_from_file_location("colab_start", START)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_names_what_the_chapters_import_and_nothing_of_colab_s_own_kernel(start):
    roots = imported() - {"ipython"}
    assert {"pandas", "matplotlib", "pydantic"} <= roots
    assert set(start.NAMES) == set().union(*(needed(roots, python) for python in ("3.11", "3.12", "3.13")))
    assert not {"ipython", "ipykernel", "tornado", "pyzmq", "prompt-toolkit", "traitlets"} & set(start.NAMES)


def test_it_takes_every_pin_of_each_name_whole(start):
    kept = start.wanted(LOCK)
    pins = re.findall(r"^([a-z0-9-]+)==", kept, re.M)
    assert set(pins) == set(start.NAMES) and pins.count("numpy") == LOCK.count("\nnumpy==") > 1
    for name in ("numpy", "pandas"):
        assert kept.count("--hash") > 100 and re.search(rf"^{name}==\S+.*\\$", kept, re.M)
    assert all(block in f"{LOCK}\n" for block in re.split(r"\n(?=[a-z])", kept.strip()))


def test_a_lock_without_a_name_is_reported(start):
    with pytest.raises(SystemExit, match=r"lacks patsy"):
        start.wanted(re.sub(r"^patsy==", "patsies==", LOCK, flags=re.M))


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A stretch of Colab: a folder to clone into, a repository to clone, a pip that needs no network, Colab's IPython."""
    base = tmp_path_factory.mktemp("colab")
    source = copy_of_the_book(base / "source")
    for name in (".colab", "src"):
        (source / name).symlink_to(ROOT / name) if name == "src" else _copy(ROOT / name, source / name)
    (source / ".gitignore").write_text("_build/\n", encoding="utf-8")
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(source), *words], check=True, capture_output=True)
    site = metadata.distribution("pandas").locate_file("")
    (base / "fake" / "pip").mkdir(parents=True)
    (base / "fake" / "pip" / "__init__.py").touch()
    text = f"SITE, RECORD = {str(site)!r}, {str(base / 'asked.txt')!r}\n{PIP}"
    (base / "fake" / "pip" / "__main__.py").write_text(text, encoding="utf-8")
    own = base / "own"
    own.mkdir()
    for name in needed({"ipython"}, "3.11"):
        for file in metadata.distribution(name).files:
            top = file.parts[0]
            if top not in ("..", "__pycache__") and not (own / top).exists():
                (own / top).symlink_to(Path(site) / top)
    return base


def _copy(source: Path, target: Path) -> None:
    target.mkdir()
    for path in source.glob("*.py"):
        (target / path.name).write_bytes(path.read_bytes())


def run_cells(base: Path, *cells: str) -> subprocess.CompletedProcess[str]:
    """Run cells in a bare IPython, which has no package but its own."""
    body = "\n".join(
        [
            "import os, sys",
            f"sys.path.append({str(base / 'own')!r})",
            "from IPython.core.interactiveshell import InteractiveShell",
            "shell = InteractiveShell.instance()",
            f"for cell in {list(cells)!r}:",
            "    done = shell.run_cell(cell)",
            "    if not done.success: sys.exit(f'FAILED: {done.error_in_exec!r}')",
        ]
    )
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(base / "fake"), "HOME": str(base), "IPYTHONDIR": str(base / "ip")}
    command = [sys.executable, "-S", "-c", body]
    return subprocess.run(command, cwd=base, env=env, capture_output=True, text=True, timeout=300)


def cell_of_the_page(base: Path) -> str:
    return launch.colab_cell(f"file://{base / 'source'}").replace(launch.COLAB_FOLDER, str(base / "content" / "book"))


def test_after_the_cell_the_chapters_import_everything_and_find_the_data(session):
    nodes = [node for source in code() for node in ast.parse(source).body]
    imports = "\n".join(ast.unparse(n) for n in nodes if isinstance(n, ast.Import | ast.ImportFrom))
    data = "from malibook.evidence import load, root; print('ROWS', len(load('events')), root())"
    where = "import numpy, pandas, malibook; print(numpy.__file__, pandas.__file__, malibook.__file__)"
    done = run_cells(session, cell_of_the_page(session), imports, data, where)
    assert done.returncode == 0 and "FAILED" not in done.stdout + done.stderr, done.stdout + done.stderr
    book = session / "content" / "book"
    assert re.search(rf"ROWS [1-9]\d+ {re.escape(str(book))}$", done.stdout, re.M), done.stdout
    files = done.stdout.split("ROWS", 1)[1].split()[2:]
    assert [Path(name).is_relative_to(book) for name in files] == [True, True, True], files


def test_pip_is_asked_once_for_hashed_pins_into_a_folder_of_the_book(session):
    done = run_cells(session, cell_of_the_page(session), cell_of_the_page(session))
    assert done.returncode == 0, done.stdout + done.stderr
    asked = (session / "asked.txt").read_text(encoding="utf-8").splitlines()
    assert len(asked) == 1 and {"--no-deps", "--require-hashes"} <= set(re.findall(r'"([^"]+)"', asked[0]))
    assert str(session / "content" / "book" / "_build") in asked[0]


def test_a_session_that_has_pandas_already_is_told_to_start_anew(session):
    (session / "early").mkdir()
    (session / "early" / "pandas.py").touch()
    early = f"import sys; sys.path.append({str(session / 'early')!r}); import pandas"
    done = run_cells(session, early, cell_of_the_page(session))
    assert "pandas is loaded already" in done.stdout + done.stderr
