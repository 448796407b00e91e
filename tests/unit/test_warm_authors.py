"""The engine fed with other people's notebooks by plain papermill: nothing that an author could notice is different."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from malibook.press.warm import available, keeper
from malibook.press.warm.early import looks_at_loading, read_early
from malibook.press.warm.manager import of_this_python
from tests.unit.test_warm import settle

pytestmark = pytest.mark.skipif(not available(), reason="warm kernels need Linux; elsewhere ordinary kernels are used")
FORKED = "import os; 'zygote' in open(f'/proc/{os.getppid()}/cmdline').read()"


@pytest.fixture(autouse=True)
def fresh_parents(monkeypatch):
    """Give each test warm parents of its own, and end them."""
    own: dict[object, keeper.Keeper] = {}
    monkeypatch.setattr(keeper, "_keepers", own)
    yield
    for parent in own.values():
        parent.end()


def run(folder: Path, *cells: str, engine: str = "malibook-warm", kernel: str = "python3") -> list[dict]:
    """Return what the cells show, run in this folder; a failing one ends the run."""
    folder.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), folder / "in.ipynb")
    files = [str(folder / name) for name in ("in.ipynb", "out.ipynb")]
    options = {"progress_bar": False, "kernel_name": kernel, "cwd": str(folder)}
    with contextlib.suppress(papermill.PapermillExecutionError):
        papermill.execute_notebook(*files, engine_name=engine, **options)
    nb = nbformat.read(files[1], as_version=4)
    return [{"outputs": c.outputs, "count": c.execution_count} for c in nb.cells if c.cell_type == "code"]


def shown(folder: Path, *cells: str, **options: str) -> list[str]:
    """Return the text that each cell of a run shows."""
    texts = [
        [o.get("text") or o.get("data", {}).get("text/plain", "") for o in c["outputs"]]
        for c in run(folder, *cells, **options)
    ]
    return ["".join(text).strip() for text in texts]


def test_an_authors_notebook_shows_what_an_ordinary_kernel_shows(tmp_path):
    cells = [
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])",  # no %matplotlib: the first figure sets up the shell
        "plt.plot([2, 1]); plt.show()",
        "import threading\nt = threading.Thread(target=lambda: print(threading.current_thread().name)); t.start(); t.join()",
        "import os, sys; sorted(pair for pair in os.environ.items() if pair[0] != 'JPY_PARENT_PID')",
        "int(os.environ['JPY_PARENT_PID']) == os.getppid()",
        "sys.argv[0], sys.orig_argv[:3], len(sys.argv), sys.path, sorted(get_ipython().config)",
        "sorted(k for k in sys.__dict__['modules'] if 'inline' in k)",
    ]
    warm, cold = run(tmp_path, *cells, FORKED), run(tmp_path, *cells, engine="nbclient")
    assert warm.pop()["outputs"][0]["data"]["text/plain"] == "True"
    for cell, one, other in zip(cells, warm, cold, strict=True):
        assert settle([one]) == settle([other]), cell


def test_each_notebook_runs_in_its_own_folder_and_finds_the_modules_beside_it(tmp_path):
    look = ("import os; os.path.basename(os.getcwd())", "import utils; utils.WHO", "import cycler; cycler.WHO")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "utils.py").write_text(f"WHO = '{name}'")
    (tmp_path / "two" / "cycler.py").write_text("WHO = 'local'")  # hides what matplotlib brings
    assert shown(tmp_path / "one", *look[:2], "import matplotlib.pyplot", FORKED) == ["'one'", "'one'", "", "True"]
    assert shown(tmp_path / "two", *look) == ["'two'", "'two'", "'local'"]
    (tmp_path / "one" / "matplotlibrc").write_text("lines.linewidth: 9")
    assert shown(tmp_path / "one", "import matplotlib; matplotlib.rcParams['lines.linewidth']") == ["9.0"]


def test_what_a_notebook_leaves_to_the_end_is_done(tmp_path):
    late = "import atexit; atexit.register(lambda: open('late.txt', 'w').write('late')); f = open('open.txt', 'w'); f.write('left open');"
    assert shown(tmp_path, late, FORKED)[1] == "True"
    assert [(tmp_path / name).read_text() for name in ("late.txt", "open.txt")] == ["late", "left open"]


def test_what_a_module_says_as_it_is_imported_is_said_in_the_notebook(tmp_path, monkeypatch):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "ruptures.py").write_text("print('hello')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lib"))
    assert shown(tmp_path, "import numpy, ruptures", FORKED) == ["hello", "True"]
    assert shown(tmp_path, "import numpy, ruptures", FORKED) == ["hello", "True"]


def test_a_kernel_of_another_python_is_not_forked_from_this_one(tmp_path, monkeypatch):
    spec = {"argv": [sys.executable, "-X", "utf8", "-m", "ipykernel_launcher", "-f", "{connection_file}"]}
    (tmp_path / "kernels" / "other").mkdir(parents=True)
    text = json.dumps(spec | {"display_name": "Other", "language": "python"})
    (tmp_path / "kernels" / "other" / "kernel.json").write_text(text)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert shown(tmp_path, "import sys; sys._xoptions", FORKED, kernel="other") == ["{'utf8': True}", "False"]
    assert of_this_python([sys.executable, "-m", "ipykernel_launcher", "-f", "x"])
    assert not of_this_python([os.path.realpath("/bin/sh"), "-m", "ipykernel_launcher", "-f", "x"])


@pytest.mark.parametrize("broken", ["platform", "parent"])
def test_where_forking_is_not_to_be_had_an_ordinary_kernel_is_used(tmp_path, monkeypatch, broken):
    if broken == "platform":
        monkeypatch.setattr(sys, "platform", "darwin")
    else:
        monkeypatch.setattr(keeper, "ZYGOTE", tmp_path / "missing.py")
    assert shown(tmp_path, "6 * 7", FORKED) == ["42", "False"]


def test_sockets_find_a_place_where_the_temporary_folder_has_a_long_name_and_none_is_left(tmp_path, monkeypatch):
    for long in ("t", "t" * 120):
        (tmp_path / long).mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / long))
        assert shown(tmp_path, FORKED) == ["True"]
        assert not list((tmp_path / long).glob("mali-*"))


@pytest.mark.parametrize(
    ("code", "looks"),
    [
        ("import os\nos.environ['MPLBACKEND'] = 'agg'\nimport matplotlib", True),
        ("%env OMP_NUM_THREADS=1", True),
        ("import sys; 'pandas' in sys.modules", True),
        ("import gc; gc.get_threshold()", True),
        ("import matplotlib as mpl\nmpl.use('Agg')", True),
        ("%matplotlib tk", True),
        ("warnings.simplefilter('always')", True),
        ("logging.basicConfig(level=logging.DEBUG)", True),
        ("%matplotlib inline\nplt.style.use('ggplot')", False),
        ("warnings.filterwarnings('ignore')\nos.environ['KEY'] = 'x'\nsys.path.append('..')", False),
    ],
)
def test_a_notebook_that_looks_at_loading_itself_gets_an_ordinary_kernel(code, looks):
    assert looks_at_loading([code]) is looks


def test_a_variable_that_libraries_read_early_asks_for_another_warm_parent():
    assert read_early({"OMP_NUM_THREADS": "1"}) != read_early({"OMP_NUM_THREADS": "2"})
    assert read_early({"RUN": "1"}) == read_early({"RUN": "2"})
