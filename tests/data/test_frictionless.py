"""Frictionless, as a user runs it, and our own checks on the same package: where they agree, and what only ours can see."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import frictionless
import pytest

from malibook.evidence.checks import validate
from malibook.press.downloads import package_files

ROOT = Path(__file__).resolve().parents[2]
LOSSES, ACTORS = "tables/losses.csv", "tables/actors.csv"
FIRST = "chad-to-2013-03-01-soldiers-killed,chad,AFISMA,,2013-01-17,2013-03-01,cumulative,soldiers-killed,,26,,"
Fault = Callable[[Path], object]


def swap(path: str, old: str, new: str) -> Fault:
    def plant(folder: Path) -> None:
        text = (folder / path).read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{path} holds no {old!r}"
        (folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return plant


def first(old: str, new: str) -> Fault:
    return swap(LOSSES, FIRST, FIRST.replace(old, new))


# What the schema says, both must find.
BOTH: dict[str, Fault] = {
    "a word for a number": first(",26,", ",many,"),
    "a half person": first(",26,", ",26.5,"),
    "fewer than none": first(",26,", ",-26,"),
    "a day that is none": first("2013-03-01,", "2013-02-30,"),
    "a key that is missing": first("chad-to-2013-03-01-soldiers-killed,", ","),
    "a key that is no slug": first("chad-to-2013", "Chad to 2013"),
    "a word outside the list": first("cumulative", "running"),
    "an actor that is none": first(",chad,", ",tchad,"),
    "a row that stands twice": lambda folder: (folder / LOSSES).write_text(
        "\n".join([*(folder / LOSSES).read_text(encoding="utf-8").splitlines(), *_second(folder)]) + "\n",
        encoding="utf-8",
    ),
    "a column too many": swap(LOSSES, "note,sources\n", "note,sources,more\n"),
    "a column renamed": swap(LOSSES, "counting_rule", "rule"),
    "a cell too many in a row": first(",26,,", ",26,,,"),
    "bytes that are no UTF-8": lambda folder: (folder / ACTORS).write_bytes(
        (folder / ACTORS).read_text(encoding="utf-8").encode("latin-1", "replace")
    ),
    "a table that is not there": lambda folder: (folder / LOSSES).unlink(),
    "an unknown type of field": lambda folder: describe(
        folder, lambda r: r["schema"]["fields"][3].update(type="count")
    ),
}
# What no schema can say, only ours finds.
OURS: dict[str, Fault] = {
    "a source that is none, in a list": swap(LOSSES, "rtn_abouzeid_2013", "nobody_2099"),
    "low above best": first(",,26,,", ",27,26,,"),
    "an end before its beginning": first("2013-01-17,2013-03-01", "2013-03-02,2013-03-01"),
    "a day written short": first("2013-03-01,", "2013-3-1,"),
    "a table cut short": lambda folder: (folder / LOSSES).write_text(
        "\n".join((folder / LOSSES).read_text(encoding="utf-8").splitlines()[:30]) + "\n", encoding="utf-8"
    ),
    "a file that nobody describes": lambda folder: (folder / "tables" / "more.csv").write_text("a\n1\n"),
    "no word on redistribution": lambda folder: describe(
        folder, lambda r: r["licenses"][0].pop("malibook:redistribution")
    ),
    "a figure without a unit": lambda folder: describe(folder, lambda r: field(r, "value").pop("unit")),
}


def _second(folder: Path) -> list[str]:
    return (folder / LOSSES).read_text(encoding="utf-8").splitlines()[1:2]


def describe(folder: Path, change: Callable[[dict], object]) -> None:
    """Change what the descriptor says of `losses`."""
    path = folder / "datapackage.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    change(next(r for r in whole["resources"] if r["name"] == "losses"))
    path.write_text(json.dumps(whole), encoding="utf-8")


def field(resource: dict, name: str) -> dict:
    return next(f for f in resource["schema"]["fields"] if f["name"] == name)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of one table and those that it refers to, as a reader downloads it with a chapter."""
    folder = tmp_path_factory.mktemp("small")
    for name, content in package_files(["losses"]).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def broken(small: Path, tmp_path: Path) -> Path:
    """A copy of the small package, to break."""
    return Path(shutil.copytree(small, tmp_path / "data"))


def theirs(folder: Path) -> list[str]:
    """Return what Frictionless reports, by the call that its command makes."""
    try:
        report = frictionless.validate(str(folder / "datapackage.json"))
    except frictionless.FrictionlessException as error:
        return [str(error)]
    return [*report.errors, *(error.type for task in report.tasks for error in task.errors)]


def ours(folder: Path) -> list[str]:
    return [str(problem) for problem in validate(folder)]


def command(folder: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "frictionless", "validate", "data/datapackage.json"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=300)


def test_the_command_finds_the_whole_package_valid():
    done = command(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    tables = {r["name"] for r in json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))["resources"]}
    assert done.stdout.count(" VALID ") >= len(tables) and "INVALID" not in done.stdout


def test_a_download_of_one_table_is_a_valid_package(small):
    assert theirs(small) == [] and ours(small) == []


def test_the_command_turns_red(broken):
    BOTH["an actor that is none"](broken)
    done = command(broken.parent)
    assert done.returncode == 1 and "INVALID" in done.stdout


@pytest.mark.parametrize("fault", BOTH)
def test_both_find_what_a_schema_says(fault, broken):
    BOTH[fault](broken)
    assert theirs(broken), "Frictionless is silent"
    assert ours(broken) and all("; remedy: " in text for text in ours(broken)), ours(broken)


@pytest.mark.parametrize("fault", OURS)
def test_only_ours_finds_what_no_schema_says(fault, broken):
    OURS[fault](broken)
    assert ours(broken), "our check is silent"
    assert theirs(broken) == [], "Frictionless sees it too: move the fault to BOTH"
