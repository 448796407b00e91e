"""Stop builds in every rude way: each must end, leave no process, keep the last good book, and be resumable."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import malibook
from tests.faults.small import CONTRACT, TOC, write_small_book

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX systems")]
WAIT = "import os, time\nopen('kernel.pid', 'w').write(str(os.getpid()))\ntime.sleep(120)"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The small book with a second chapter, which waits until somebody ends it, and a last edition."""
    book = write_small_book(tmp_path / "book")
    text = (book / "notebooks" / "01-small.ipynb").read_text(encoding="utf-8")
    for old, new in (("01-small", "02-slow"), ("fig-1-", "fig-2-"), ("tbl-1-", "tbl-2-")):
        text = text.replace(old, new)
    nb = json.loads(text)
    waits = {"cell_type": "code", "id": "waits", "metadata": {}, "source": WAIT, "execution_count": None, "outputs": []}
    nb["cells"].append(waits)
    (book / "notebooks" / "02-slow.ipynb").write_text(json.dumps(nb))
    contract = CONTRACT.replace("01-small", "02-slow").replace("fig-1-", "fig-2-").replace("tbl-1-", "tbl-2-")
    (book / "notebooks" / "contracts.toml").write_text(CONTRACT + "\n" + contract)
    line = "      - file: notebooks/01-small\n"
    (book / "_toc.yml").write_text(TOC.replace(line, line + "      - file: notebooks/02-slow\n"))
    (book / "_build" / "html").mkdir(parents=True)
    (book / "_build" / "html" / "index.html").write_text("the last good book")
    return book


def listen() -> None:
    """Hear Ctrl-C also where these tests run in a shell's background, which turns it off for its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def waiting_build(book: Path, **env: str) -> tuple[subprocess.Popen, int]:
    """Start a build and return it, with the pid of the waiting kernel, once the first chapter has ended."""
    command = [sys.executable, "-m", "malibook", "build", "--no-pdf", "-j", "2"]
    press = subprocess.Popen(
        command,
        cwd=book,
        env=dict(os.environ) | {"MALIBOOK_ROOT": str(book)} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=listen,
    )
    pid, first = book / "kernel.pid", book / "_build" / "executed" / "01-small.json"
    until = time.monotonic() + 120
    while not (first.exists() and list(book.rglob("kernel.pid"))) and press.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    pid = next(book.rglob("kernel.pid"))
    return press, int(pid.read_text())


def gone(pid: int, seconds: float = 20) -> bool:
    """Return whether a process ended within the time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


def untouched(book: Path) -> bool:
    return (book / "_build" / "html" / "index.html").read_text() == "the last good book"


def mend(book: Path) -> None:
    path = book / "notebooks" / "02-slow.ipynb"
    path.write_text(path.read_text().replace("time.sleep(120)", "time.sleep(0)"))


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("kernels", ["warm", "cold"])
def test_an_interrupted_build_ends_at_once_and_leaves_nothing_behind(book, sent, kernels):
    press, kernel = waiting_build(book, **({"MALIBOOK_COLD": "1"} if kernels == "cold" else {}))
    press.send_signal(sent)
    _, said = press.communicate(timeout=30)
    assert press.returncode == 130
    assert "interrupted; the last good book stays" in said
    assert "Traceback" not in said
    assert gone(kernel)
    assert untouched(book)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGHUP])
def test_a_terminal_that_interrupts_everything_again_and_again(book, sent):
    """As Ctrl-C pressed thrice does, and a window that is closed: the signal goes to all processes of the terminal."""
    press, kernel = waiting_build(book)
    for wait in (0.0, 0.05, 0.3):
        time.sleep(wait)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(press.pid, sent)
    _, said = press.communicate(timeout=30)
    assert press.returncode == 130
    assert said == "malibook: interrupted; the last good book stays where it was\n"
    assert gone(kernel)
    assert untouched(book)


def test_a_killed_warm_parent_costs_the_chapter_and_leaves_no_kernel(book):
    press, kernel = waiting_build(book)
    os.kill(int(Path(f"/proc/{kernel}/stat").read_text().rpartition(")")[2].split()[1]), signal.SIGKILL)
    _, said = press.communicate(timeout=60)
    assert press.returncode == 1
    assert "notebooks/02-slow.ipynb, cell 7" in said and "remedy" in said and "Traceback" not in said
    assert gone(kernel)
    assert untouched(book)


def test_what_a_cell_started_ends_with_a_killed_build(book):
    path = book / "notebooks" / "02-slow.ipynb"
    started = (
        "import subprocess\nfor new in (False, True):\n    subprocess.Popen(['sleep', '300'], start_new_session=new);"
    )
    nb = json.loads(path.read_text())
    nb["cells"][-1]["source"] = f"{started}\n{WAIT}"
    path.write_text(json.dumps(nb))
    press, kernel = waiting_build(book)
    children = [int(p) for p in Path(f"/proc/{kernel}/task/{kernel}/children").read_text().split()]
    press.kill()
    press.communicate()
    assert len(children) == 2 and all(gone(pid) for pid in (kernel, *children))


def test_too_few_open_files_are_refused_in_words(book):
    few = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))  # noqa: E731
    command = [sys.executable, "-m", "malibook", "build", "--no-pdf"]
    env = dict(os.environ) | {"MALIBOOK_ROOT": str(book)}
    done = subprocess.run(command, cwd=book, env=env, capture_output=True, text=True, preexec_fn=few)
    assert done.returncode == 1
    assert "allows 64 open files" in done.stderr and "ulimit -n 4096" in done.stderr
    assert untouched(book)


def test_a_killed_build_leaves_no_kernel_and_the_next_one_goes_on_where_it_was(book):
    press, kernel = waiting_build(book)
    press.kill()
    press.communicate()
    assert gone(kernel)
    assert untouched(book)
    mend(book)
    done = malibook(book, "build", "--no-pdf", "--json")
    outcome = json.loads(done.stdout)
    assert done.returncode == 0, outcome["problems"]
    assert {c["chapter"]: c["state"] for c in outcome["chapters"]} == {"01-small": "stands", "02-slow": "ran"}


@pytest.mark.parametrize("edited", ["data/tables/losses.csv", "notebooks/02-slow.ipynb"])
def test_what_is_edited_while_a_chapter_runs_is_not_taken_for_read(book, edited):
    path = book / "notebooks" / "02-slow.ipynb"
    path.write_text(path.read_text().replace("time.sleep(120)", "time.sleep(5)"))
    press, _ = waiting_build(book)
    text = (book / edited).read_text(encoding="utf-8")
    old, new = ("Army statement", "Statement of the army") if edited.endswith("csv") else ("sleep(5)", "sleep(0)")
    assert old in text
    (book / edited).write_text(text.replace(old, new, 1), encoding="utf-8")
    press.communicate(timeout=120)
    assert press.returncode == 0
    done = malibook(book, "build", "--no-pdf", "--json")
    states = {c["chapter"]: c["state"] for c in json.loads(done.stdout)["chapters"]}
    assert states["02-slow"] == "ran", "an edit made during a run was lost"
    again = json.loads(malibook(book, "build", "--no-pdf", "--json").stdout)
    assert {c["state"] for c in again["chapters"]} == {"stands"}


def test_a_killed_kernel_is_named_with_its_cell(book):
    press, kernel = waiting_build(book)
    os.kill(kernel, signal.SIGKILL)
    _, said = press.communicate(timeout=60)
    assert press.returncode == 1
    assert "notebooks/02-slow.ipynb, cell 7" in said
    assert "the kernel was killed" in said
    assert "Traceback" not in said
    assert untouched(book)


def test_an_endless_cell_is_ended_and_named(book):
    done = malibook(book, "build", "--no-pdf", "--cell-seconds", "8")
    assert done.returncode == 1
    assert "notebooks/02-slow.ipynb, cell 7" in done.stderr
    assert "look for an endless loop" in done.stderr
    assert "Task was destroyed" not in done.stderr
    assert gone(int(next(book.rglob("kernel.pid")).read_text()))
    assert untouched(book)


def test_two_builds_at_once(book):
    press, _ = waiting_build(book)
    try:
        done = malibook(book, "build", "--no-pdf")
        assert done.returncode == 1
        assert f"(process {press.pid}): another build is running" in done.stderr
        assert "wait for it to end" in done.stderr
    finally:
        press.kill()
        press.communicate()


@pytest.mark.parametrize(("limit", "stage"), [(20_000, "while a chapter runs"), (330_000, "while pages are written")])
def test_a_full_disk(book, limit, stage):
    mend(book)

    def no_more_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-m", "malibook", "build", "--no-pdf"]
    env = dict(os.environ) | {"MALIBOOK_ROOT": str(book)}
    done = subprocess.run(command, cwd=book, env=env, capture_output=True, text=True, preexec_fn=no_more_room)
    assert done.returncode == 1, (stage, done.stdout)
    assert "File too large" in done.stderr, stage
    assert "Traceback" not in done.stderr
    assert untouched(book)
    again = malibook(book, "build", "--no-pdf")
    assert again.returncode == 0, again.stderr


def test_a_folder_that_may_not_be_written(book):
    (book / "_build").chmod(0o500)
    try:
        if os.access(book / "_build", os.W_OK):
            pytest.skip("this user may write everywhere (root)")
        done = malibook(book, "build", "--no-pdf")
        assert done.returncode == 1
        assert "Permission denied" in done.stderr
        assert "Traceback" not in done.stderr
    finally:
        (book / "_build").chmod(0o700)


def test_a_build_folder_that_is_a_file(book):
    mend(book)
    with contextlib.suppress(OSError):
        (book / "_build" / "stage").write_text("in the way")
    done = malibook(book, "build", "--no-pdf")
    assert done.returncode == 1
    assert "stage" in done.stderr
    assert "Traceback" not in done.stderr
    assert untouched(book)
