"""What a user is told of an error, whatever it is: one message with cause, place and remedy."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys

import pytest
import typer

from malibook import console
from malibook.errors import BookError, told
from malibook.press.notebooks import read
from malibook.press.runner import check_parameters

CELL = {"cell_type": "code", "id": "a", "metadata": {}, "source": "x = 1", "execution_count": None, "outputs": []}
NOTEBOOK = {"cells": [CELL], "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a.html"), "a.html: No space left on device\n  remedy: check that the disk"),
        (FileExistsError(errno.EEXIST, "File exists", "_build"), "_build: File exists\n  remedy: something of another kind"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files\n  remedy: let the shell open more"),
        (shutil.Error([("a", "b/c", "[Errno 28] No space left"), ("d", "e", "f")]), "b/c: [Errno 28] No space left\n  remedy: check that"),
        (BookError("wrong", where="here", remedy="mend it"), "here: wrong\n  remedy: mend it"),
        (KeyError("title"), "nobody foresaw this: KeyError: lacks 'title'\n  remedy: "),
    ],
)  # fmt: skip
def test_every_error_is_told_with_a_remedy(error, says):
    assert told(error).startswith(says)


def test_where_a_file_may_not_be_made_the_folder_that_bars_it_is_named(tmp_path):
    (tmp_path / "there").touch()
    for name, where in (("there", "there"), ("deep/down/..x.part", ""), ("y", "")):
        error = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / name))
        assert told(error).startswith(f"{tmp_path / where}: Permission denied\n  remedy: let yourself")


def test_an_error_that_nobody_foresaw_names_the_line_of_ours():
    with pytest.raises(TypeError) as caught:
        console.clock("a")
    assert told(caught.value).startswith("console.py, line ")


def test_nobody_watches_where_stderr_is_closed(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert not console.watched()


def test_problems_without_a_remedy_get_one(capsys):
    with pytest.raises(typer.Exit):
        console.end(["book/a.md:3: WARNING: something"], "the build failed")
    assert "remedy: mend what is named" in capsys.readouterr().err


def test_output_that_nobody_reads_is_one_message():
    command = [sys.executable, "-m", "malibook", "data", "list"]
    done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    done.stdout.close()
    said = done.stderr.read()
    assert done.wait(60) == 1
    assert "Broken pipe" in said and "remedy" in said and "Traceback" not in said and "ignored" not in said


def test_accents_are_told_where_the_locale_has_none(tmp_path):
    env = {"MALIBOOK_ROOT": str(tmp_path / "élargi"), "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([sys.executable, "-m", "malibook", "build"], env=env, capture_output=True)
    assert done.returncode == 1
    assert "élargi" in done.stderr.decode("utf-8")


INTERRUPTED = """import os, signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == "NAME":
            os.kill(os.getpid(), signal.SIGNAL)
sys.meta_path.insert(0, Finder())
signal.signal(signal.SIGINT, signal.default_int_handler)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("loading", ["malibook.cli", "malibook.press.places", "malibook.press.due"])
def test_an_interruption_while_the_command_loads_is_one_message(tmp_path, loading, sent):
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTED.replace("NAME", loading).replace("SIGNAL", sent))
    command = [sys.executable, "-m", "malibook", "build", "--why"]
    done = subprocess.run(command, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 130, done.stderr
    assert done.stderr == "malibook: interrupted; the last good book stays where it was\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (json.dumps(NOTEBOOK)[:-40], "line 1 column"),
        (json.dumps(NOTEBOOK, indent=1).replace(' "metadata"', '<<<<<<< HEAD\n "metadata"'), "line 6 column"),
        ("", "line 1 column 1"),
        ("[]", "no list of cells"),
        ("null", "no list of cells"),
        (json.dumps(NOTEBOOK | {"cells": None}), "no list of cells"),
        (json.dumps(NOTEBOOK | {"cells": ["cell"]}), "not a readable notebook: "),
        (json.dumps(NOTEBOOK | {"cells": [CELL | {"source": 5}]}), "not a readable notebook: "),
        (json.dumps({k: v for k, v in NOTEBOOK.items() if k != "metadata"}), "not a readable notebook: "),
        ('{"cells":' + "[" * 99_999, "nested too deeply"),
    ],
)
def test_a_broken_notebook_is_refused_with_the_line_or_the_cause(tmp_path, text, says):
    path = tmp_path / "01-a.ipynb"
    path.write_text(text)
    with pytest.raises(BookError, match=says) as refused:
        read(path)
    assert "01-a.ipynb: is not a readable notebook: " in str(refused.value)
    assert "remedy" in str(refused.value)


def test_a_notebook_that_names_no_language_is_refused(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text('{"resources": []}')
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01-a.ipynb").write_text(json.dumps(NOTEBOOK | {"metadata": {}}))
    monkeypatch.setenv("MALIBOOK_ROOT", str(tmp_path))
    with pytest.raises(BookError, match="does not say that it is Python"):
        check_parameters("01-a", {})


@pytest.mark.skipif(sys.platform == "win32", reason="there no folder can be taken away while somebody is in it")
@pytest.mark.parametrize("named", [True, False])
def test_a_working_directory_that_is_gone(tmp_path, named):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text('{"resources": []}')
    gone = tmp_path / "gone"
    gone.mkdir()
    shell = f"cd '{gone}' && rmdir '{gone}' && exec '{sys.executable}' -m malibook data list"
    env = dict(os.environ) | {"MALIBOOK_ROOT": str(tmp_path) if named else ""}
    done = subprocess.run(["sh", "-c", shell], env=env, capture_output=True, text=True)
    assert done.returncode == (0 if named else 1), done.stderr
    assert named or "working directory: the folder that this shell is in is gone\n  remedy: cd into" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed so on POSIX systems")
def test_closed_streams_are_opened_for_what_is_started_too():
    look = "import os; [os.fstat(stream) for stream in (0, 1, 2)]"
    code = (
        "import os, subprocess, sys\nfrom malibook.__main__ import _open_streams\nfor stream in (0, 1, 2): os.close(stream)\n"
        f"_open_streams()\nos._exit(subprocess.run([sys.executable, '-c', {look!r}]).returncode)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
