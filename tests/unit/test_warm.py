"""Warm kernels: every output equal to an ordinary kernel's, nothing leaks, every failure is told."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from malibook.errors import BookError
from malibook.press.execute import execute
from malibook.press.warm import available, keeper
from malibook.press.warm.environment import press_environment

pytestmark = pytest.mark.skipif(not available(), reason="warm kernels need Linux; elsewhere ordinary kernels are used")

CELLS = [
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['é', 'ü']})",
    "print('out'); import sys; print('err', file=sys.stderr); 40 + 2",
    "%%capture held\nprint('captured')",
    "held.stdout",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(2, 1)); ax.plot([1, 3, 2]);",
    "from IPython.display import display, HTML, Markdown\ndisplay(HTML('<b>x</b>')); display(Markdown('*y*'), metadata={'k': 1})",
    "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "!echo from the shell",
    "%time 1 + 1;\n_ = 5\nIn[1][:6], len(Out) > 0",
    "class A:\n    def _repr_html_(self): return '<i>a</i>'\nA()",
    "import logging; logging.warning('logged')",
    "get_ipython().user_ns['__name__'], __name__",
    "sorted(k for k in globals() if not k.startswith('_'))",
    "import warnings; warnings.warn('look')",
]
FAILING = ["1 / 0", "input('name? ')", "x = (", "def f():\n    raise KeyError('k')\nf()", "raise SystemExit(3)"]


def run(cells: list[str], out: Path, engine: str) -> list[dict]:
    source = out.with_suffix(".in.ipynb")
    nbformat.write(new_notebook(cells=[new_code_cell(c) for c in cells]), source)
    with contextlib.suppress(papermill.PapermillExecutionError):
        papermill.execute_notebook(str(source), str(out), engine_name=engine, progress_bar=False, kernel_name="python3")
    nb = nbformat.read(out, as_version=4)
    return [
        {"source": c.source, "outputs": c.outputs, "count": c.execution_count}
        for c in nb.cells
        if c.cell_type == "code"
    ]


def settle(cells: list[dict]) -> str:
    """Take off what differs between any two runs of an ordinary kernel: addresses, times, process numbers."""
    text = repr(cells)
    text = re.sub(r"0x[0-9a-f]{6,}", "0x", text)
    text = re.sub(r"ipykernel_\d+/\d+", "ipykernel", text)
    return re.sub(r"(CPU times|Wall time)[^']*", r"\1", text)


def test_outputs_equal_those_of_an_ordinary_kernel(tmp_path):
    warm, cold = run(CELLS, tmp_path / "warm.ipynb", "malibook-warm"), run(CELLS, tmp_path / "cold.ipynb", "nbclient")
    assert len(warm) == len(CELLS)
    for one, other in zip(warm, cold, strict=True):
        assert settle([one]) == settle([other]), one["source"]


def test_a_books_kernels_find_its_tables_read(tmp_path):
    """A chapter need not read what its warm parent has read, and is a reader of what it opens all the same."""
    cell = "import malibook.evidence.tables as t\nprint('events' in t._kept, t.opened(), len(t.load('events')) > 100, t.opened())"
    cold = "import malibook.evidence.tables as t\nt._kept.clear(); print(t.load('events').equals(kept))"
    source = tmp_path / "chapter.ipynb"
    second = cold.replace("t._kept", "kept = t.load('events'); t._kept")
    nbformat.write(new_notebook(cells=[new_code_cell(cell), new_code_cell(second)]), source)
    execute(source, tmp_path / "out.ipynb", {})
    said = [o["text"] for c in nbformat.read(tmp_path / "out.ipynb", 4).cells for o in c.outputs]
    assert said == ["True () True ('events',)\n", "True\n"]


@pytest.mark.parametrize("cell", FAILING)
def test_failures_equal_those_of_an_ordinary_kernel(tmp_path, cell):
    warm, cold = run([cell], tmp_path / "warm.ipynb", "malibook-warm"), run([cell], tmp_path / "cold.ipynb", "nbclient")
    assert settle(warm) == settle(cold)


def one(tmp_path: Path, *cells: str, seconds: int = 60) -> str:
    source = tmp_path / "in.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(c) for c in cells]), source)
    execute(source, tmp_path / "out.ipynb", {}, seconds)
    return "".join(
        o.get("text", "") for c in nbformat.read(tmp_path / "out.ipynb", as_version=4).cells for o in c.outputs
    )


def test_nothing_leaks_from_one_notebook_to_the_next(tmp_path):
    dirty = (
        "import os, random, builtins, pandas as pd, matplotlib as mpl, malibook.evidence.tables as t\n"
        "random.seed(1); builtins.leak = 1; pd.options.display.max_rows = 7; mpl.rcParams['font.size'] = 99\n"
        "os.environ['LEAK'] = '1'; os.chdir('/'); t._opened.append('leak'); pd.leak = 1"
    )
    look = (
        "import os, builtins, pandas as pd, matplotlib as mpl, malibook.evidence.tables as t\n"
        "print(hasattr(builtins, 'leak'), pd.options.display.max_rows, mpl.rcParams['font.size'], "
        "os.environ.get('LEAK'), t._opened, hasattr(pd, 'leak'), os.getcwd() == '/')"
    )
    before = one(tmp_path, look)
    one(tmp_path, dirty)
    assert one(tmp_path, look) == before


def test_two_kernels_do_not_share_their_random_state(tmp_path):
    draw = "import random, numpy as np; print(random.random(), np.random.rand())"
    assert one(tmp_path, draw) != one(tmp_path, draw)


@pytest.mark.parametrize(
    ("cells", "seconds", "says"),
    [
        (("a = 1", "c = 1\nb = a / 0"), 60, "cell 2, line 2: ZeroDivisionError"),
        (("import os; os.kill(os.getpid(), 9)",), 60, "Kernel died"),
        (("1", "while True: pass"), 3, "after 3 seconds"),
        (("x = 1", "\n\n1 / 0"), 60, "cell 2, line 3: ZeroDivisionError: division by zero\n  in: 1 / 0"),
        (("if 1:\n    x = 1\n  y = 2",), 60, "cell 1, line 3: IndentationError"),
        (("raise ValueError('\\n'.join('word' for _ in range(10_000)))",), 60, "… (10000 lines)"),
        (("%nosuchmagic",), 60, "cell 1: UsageError"),
        (("raise ValueError('half a letter: \\ud800')",), 60, "could not send what it says"),
        (
            (
                "def f():\n    try:\n        {}['k']\n    except KeyError:\n        raise ValueError('v')",
                "x = 1\n\nf()",
            ),
            60,
            "cell 2, line 3: ValueError: v\n  in: f()",
        ),
        (
            ("x = 1\nraise ExceptionGroup('several', [ValueError('a'), TypeError('b')])",),
            60,
            "cell 1, line 2: ExceptionGroup: several (2 sub-exceptions); ValueError: a; TypeError: b",
        ),
        (("from malibook.errors import BookError\nraise BookError('wrong', remedy='mend it')",), 60, "remedy: mend it"),
    ],
)
def test_a_failure_is_told_in_plain_words_and_leaves_no_output(tmp_path, cells, seconds, says):
    with pytest.raises(BookError) as caught:
        one(tmp_path, *cells, seconds=seconds)
    assert says in str(caught.value)
    assert "remedy" in str(caught.value)
    assert not (tmp_path / "out.ipynb").exists()


def test_what_a_cell_starts_ends_with_its_kernel(tmp_path):
    pid = int(one(tmp_path, "import subprocess; print(subprocess.Popen(['sleep', '300']).pid)"))
    assert gone(pid)


def test_a_warm_parent_that_was_killed_is_replaced_and_its_kernels_end(tmp_path):
    source = (
        "import os, pathlib, time; pathlib.Path('pids').write_text(f'{os.getppid()} {os.getpid()}'); time.sleep(60)"
    )
    told = tmp_path / "pids"
    threading.Thread(target=lambda: os.kill(int(appeared(told)[0]), signal.SIGKILL), daemon=True).start()
    with pytest.raises(BookError, match="the kernel was killed"):
        one(tmp_path, f"import os; os.chdir({str(tmp_path)!r})", source)
    assert gone(int(told.read_text().split()[1])), "an orphaned kernel"
    assert one(tmp_path, "print('again')") == "again\n"


def test_what_a_killed_warm_parent_was_not_told_is_no_complaint_of_python():
    code = (
        "import os\nfrom malibook.errors import BookError\nfrom malibook.press.warm.keeper import Keeper\n"
        "parent = Keeper(dict(os.environ))\nassert parent.poll(1) == -1\nparent._process.kill()\nparent._process.wait()\n"
        "try:\n    parent.fork([], '/', {}, press=True)\nexcept BookError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "the process that kernels are forked from ended" in done.stdout
    assert done.stderr == ""  # Python 3.13 tells of streams that cannot be closed


def test_the_folder_of_a_killed_press_is_taken_away(tmp_path):
    code = "import time\nfrom malibook.press.warm.environment import warm_up\nwarm_up()\nprint(1, flush=True)\ntime.sleep(60)"
    env = dict(os.environ) | {"TMPDIR": str(tmp_path)}
    press = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert press.stdout.readline()
    assert len(list(tmp_path.iterdir())) == 1
    press.kill()
    assert b"Traceback" not in press.stderr.read(), "the warm parent holds it open until it ends"
    press.wait()
    assert list(tmp_path.iterdir()) == []


def test_a_warm_parent_that_was_stopped_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(keeper, "SILENCE", 30.0)
    parent = keeper.Keeper(press_environment())
    assert parent.poll(1) == -1, "it answers: this is no kernel of its"
    monkeypatch.setattr(keeper, "SILENCE", 0.5)
    os.kill(parent._process.pid, signal.SIGSTOP)
    with pytest.raises(BookError, match="build again"):
        parent.fork(["python"], "/", {}, press=True)
    assert parent._process.wait(10) == -signal.SIGKILL


def test_a_long_path_for_temporary_files_is_borne(tmp_path, monkeypatch):
    (tmp_path / ("d" * 100)).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("d" * 100)))
    assert one(tmp_path, "print(1)") == "1\n"


def test_whatever_detached_itself_ends_too():
    code = (
        "import os, time\nfrom malibook.press.warm import descent\ndescent.adopt()\n"
        "if os.fork() == 0:\n    os.setsid()\n    pid = os.fork()\n    time.sleep(300) if pid == 0 else print(pid, flush=True)\n"
        "    os._exit(0)\nos.wait()\ndescent.end_children()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert gone(int(done.stdout))


def gone(pid: int, seconds: float = 10) -> bool:
    """Return whether a process ends within the time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


def appeared(path: Path, seconds: float = 60) -> list[str]:
    """Return the words of a file as soon as it is there."""
    until = time.monotonic() + seconds
    while not (path.exists() and path.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    return path.read_text().split()


def test_no_kernel_outlives_its_notebook(tmp_path):
    pid = int(one(tmp_path, "import os; print(os.getpid())"))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_a_user_sets_for_sessions_of_their_own_reaches_no_chapter(tmp_path, monkeypatch):
    (tmp_path / "start.py").write_text("import builtins; print('hello'); builtins.of_the_user = 1", encoding="utf-8")
    (tmp_path / "matplotlibrc").write_text("no.such.key: 1\nfont.size: 99\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "start.py"))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
    look = (
        "import builtins, os, sys, matplotlib\n"
        "print(hasattr(builtins, 'of_the_user'), 'PYTHONWARNINGS' in os.environ, str(matplotlib.matplotlib_fname())[-12:], "
        "matplotlib.matplotlib_fname().startswith(os.environ['IPYTHONDIR']))"
    )
    assert one(tmp_path, look) == "False False matplotlibrc True\n"
