"""What README, docs and pages tell to type: every command of ours exists with these options; what docs/rerun.md says is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import papermill
import pytest

import run as runner
from malibook.coursework.pack import STARTER
from tests import commands
from tests.conftest import ROOT

PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "book/*.md", "data/*.md", ".github/*.md")
    for path in ROOT.glob(pattern)
    if path.name != "CHANGELOG.md"  # it also tells of commands that were
)
RERUN = (ROOT / "docs" / "rerun.md").read_text(encoding="utf-8")
WINDOWS_LIMIT, SHORTER_THAN, LONGEST = 260, 80, 175
# Lines of docs/rerun.md that are no commands of ours: what they call is the system's, git's, pip's or papermill's.
OTHERS = r"New-ItemProperty |git config --global core\.longpaths true$|sha256sum --strict --check SHA256SUMS$"
# Commands of the `run.py` that a pack or a fork carries: those pages tell what to type there.
OF_OTHER_FOLDERS = {"docs/coursework.md": r"\S+ run\.py (lab|check|grade)\b", "docs/fork.md": r"\S+ run\.py raise "}
BY_HAND = r"(python3|py) -m venv \.venv$|\.venv/bin/python -m pip install (--\S+ )+(-r requirements\.txt|-e \.)$"
PAPERMILL = r"(MALIBOOK_ROOT=\S+ )?\.venv/bin/papermill (--help-notebook )?notebooks/"


def typed(text: str) -> list[str]:
    """Return the lines that a page tells to type, Windows's in POSIX's spelling."""
    fences = re.findall(r"^```(sh|powershell|bash|)\n(.+?)^```", text, flags=re.S | re.M)
    lines = [line.strip() for _, body in fences for line in body.splitlines() if line.strip()]
    lines += re.findall(r"`((?:python3?|py|malibook) [^`…]+)`", re.sub(r"^```.+?^```", "", text, flags=re.S | re.M))
    return [posix(line) for line in lines]


def posix(line: str) -> str:
    """Return a line of PowerShell as a shell of POSIX would write it."""
    line = re.sub(r'\$env:(\w+) = ("[^"]*"); ', r"\1=\2 ", line)
    return line.replace(".venv\\Scripts\\", ".venv/bin/").replace(".exe", "")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_ours_exists(page):
    found = [line for line in typed((ROOT / page).read_text(encoding="utf-8")) if commands.ours(line)]
    found = [line for line in found if not re.match(OF_OTHER_FOLDERS.get(page, "$^"), line)]
    assert [fault for line in found for fault in commands.faults(re.sub(r"\bFILE …|\[.*?\]", "", line))] == []


def test_what_packs_and_forks_carry_has_these_commands():
    assert 'argv[0] not in ("lab", "check", "check-one", "grade")' in STARTER.read_text(encoding="utf-8")
    assert 'argv[0] == "raise" and VENDOR.is_dir()' in (ROOT / "run.py").read_text(encoding="utf-8")


def test_the_pages_do_tell_what_to_type():
    """The test above would pass where nothing were found."""
    number = {page: len(typed((ROOT / page).read_text(encoding="utf-8"))) for page in PAGES}
    assert number["README.md"] >= 15 and number["docs/rerun.md"] >= 20 and number["CONTRIBUTING.md"] >= 2


def test_each_line_of_the_page_on_reruns_is_one_of_those_that_are_held():
    kinds = {name: 0 for name in ("ours", "by hand", "papermill", "others")}
    for line in typed(RERUN):
        known = {"by hand": BY_HAND, "papermill": PAPERMILL, "others": OTHERS}
        kind = "ours" if commands.ours(line) else next((k for k, v in known.items() if re.match(v, line)), None)
        assert kind, line
        kinds[kind] += 1
    assert all(kinds.values()), kinds


def test_each_system_is_told_the_same():
    posixes, windows = (
        [posix(x) for x in "\n".join(re.findall(rf"^```{kind}\n(.+?)^```", RERUN, re.S | re.M)).splitlines()]
        for kind in ("sh", "powershell")
    )
    plain = {re.sub(r"^(python3|py) ", "python ", line) for line in posixes}
    for line in windows:
        if not re.match(OTHERS, line):
            assert re.sub(r"^(python3|py) ", "python ", line) in plain


def test_by_hand_is_what_run_py_does(monkeypatch, tmp_path):
    monkeypatch.setenv("MALIBOOK_NO_UV", "1")
    monkeypatch.setattr(runner, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(runner, "BIN", tmp_path)
    told = [line.split(" -m pip install ", 1)[1] for line in typed(RERUN) if " -m pip install " in line]
    steps = [command[command.index("install") + 1 :] for _, command in runner.steps(True) if "install" in command]
    kept = ("--require-hashes", "--no-deps", "--no-build-isolation", "-r", "-e")
    done = [" ".join({str(ROOT): ".", str(runner.LOCK): "requirements.txt"}.get(w, w) for w in s if w in kept or "/" in w) for s in steps]  # fmt: skip
    assert set(told) == set(done) and len(done) == 2


def test_the_help_of_papermill_lists_the_parameter_that_the_page_changes():
    (notebook,) = set(re.findall(r"notebooks/\S+\.ipynb", RERUN))
    known = papermill.inspect_notebook(str(ROOT / notebook))
    named = set(re.findall(r"-p (\w+) ", RERUN)) | set(re.findall(r" run 03 --(estimate)", RERUN))
    assert named and named <= set(known) and known["estimate"]["default"] != "'high'"


def test_each_message_in_its_table_is_one_that_is_printed():
    table = RERUN[RERUN.index("| what it says |") :]
    quoted = [re.match(r"\| `([^`]+)`", line) for line in table.splitlines()]
    said = [match[1] for match in quoted if match and match[1] != "python"]
    assert len(said) >= 12
    library = [*(ROOT / "src").rglob("*.py"), ROOT / "run.py", *Path(papermill.__file__).parent.glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in library)
    text = re.sub(r"\{step\}", "making the environment", text) + re.sub(
        r"\{step\}", "installing the pinned packages", text
    )
    text = re.sub(r"\{port\}", "8000", text)
    assert [message for message in said if message not in text] == []
    assert {"making the environment", "installing the pinned packages"} <= {step for step, _ in _steps()}


def _steps():
    return [(name, None) for name in re.findall(r'yield "([^"]+)"', (ROOT / "run.py").read_text(encoding="utf-8"))]


def test_paths_are_as_long_as_it_says():
    """What Windows must be able to open, in the environment and in the repository."""
    environment = Path(sys.prefix)
    longest = max(len(os.path.relpath(path, environment.parent)) for path in environment.rglob("*"))
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
    assert max(longest, *map(len, listed)) <= LONGEST and SHORTER_THAN + 1 + LONGEST < WINDOWS_LIMIT
    assert f"up to {LONGEST}" in RERUN and f"shorter than {SHORTER_THAN} characters" in RERUN


def test_line_ends_are_the_same_on_every_system():
    listed = subprocess.run(["git", "ls-files", "--eol"], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
    kept = [line.split("\t", 1) for line in listed]
    assert len(kept) > 300
    for facts, name in kept:
        stored, _, attribute = facts.split(maxsplit=2)
        assert (stored, attribute.strip()) in {("i/lf", "attr/text=auto eol=lf"), ("i/none", "attr/text=auto eol=lf"), ("i/-text", "attr/-text")}, name  # fmt: skip
