"""The shell of the workflows, run as GitHub runs it (`bash -e`), with stand-ins for `gh` and for `python run.py`."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from tests.unit.test_workflows import workflow

pytestmark = pytest.mark.skipif(os.name == "nt", reason="scripts for GitHub's Linux")
RECEIPT = "receipt.json"


def script(file: str, job: str, holds: str) -> str:
    """Return the one script of a job that holds some text."""
    (found,) = [s["run"] for s in workflow(file)["jobs"][job]["steps"] if holds in s.get("run", "")]
    return found


@pytest.fixture
def github(tmp_path):
    """A stretch of a runner: its folder, and `gh` and `python` that write down how they were called and then do as told."""
    (tmp_path / "bin").mkdir()

    def stand_in(name: str, then: str = "true") -> None:
        path = tmp_path / "bin" / name
        path.write_text(f'#!/bin/bash\necho "{name} $*" >> "{tmp_path}/called.txt"\n{then}\n', encoding="utf-8")
        path.chmod(0o755)

    def run(text: str, **env: str) -> tuple[int, list[str], str]:
        called = tmp_path / "called.txt"
        called.unlink(missing_ok=True)
        known = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "GITHUB_OUTPUT": str(tmp_path / "output")}
        known |= {
            "GITHUB_REPOSITORY": "sahel/mali",
            "GITHUB_REF_NAME": "v1.2.0",
            "RUNNER_TEMP": str(tmp_path / "temp dir"),
        }
        (tmp_path / "output").touch()
        (tmp_path / "temp dir").mkdir(exist_ok=True)
        command = ["bash", "-e", "-c", text]
        done = subprocess.run(command, cwd=tmp_path, env=known | env, capture_output=True, text=True, timeout=60)
        return done.returncode, called.read_text().splitlines() if called.exists() else [], done.stdout

    stand_in("gh")
    stand_in("python")
    run.folder, run.stand_in = tmp_path, stand_in
    return run


def test_without_a_release_the_rebuild_ends_well_and_says_so(github):
    code, _, said = github(script("rebuild.yml", "rebuild", "gh release list"))
    assert code == 0 and "::notice::There is no release yet" in said
    assert (github.folder / "output").read_text() == "tag=\n"


def test_the_rebuild_takes_the_last_release_s_tag(github):
    github.stand_in("gh", "echo v1.2.0")
    code, called, said = github(script("rebuild.yml", "rebuild", "gh release list"))
    assert (code, said) == (0, "") and (github.folder / "output").read_text() == "tag=v1.2.0\n"
    assert called[0].startswith("gh release list --repo sahel/mali ") and "--limit 1" in called[0]


def test_a_host_that_does_not_answer_is_not_taken_for_one_without_a_release(github):
    github.stand_in("gh", "echo 'connection refused' >&2; exit 1")
    code, _, said = github(script("rebuild.yml", "rebuild", "gh release list"))
    assert code != 0 and "notice" not in said and (github.folder / "output").read_text() == ""


@pytest.mark.parametrize(("fails", "code"), [("", 0), ("verify", 1), ("build", 1)])
def test_the_rebuild_fails_where_the_book_does_not_come_out_again(github, fails, code):
    github.stand_in("python", f'[[ -n "{fails}" && "$*" == *"{fails}"* ]] && exit 1 || true')
    got, called, _ = github(script("rebuild.yml", "rebuild", "verify"), TAG="v1.2.0")
    assert got == code and called[0].startswith("gh release download v1.2.0 --repo sahel/mali --pattern receipt.json")
    receipt = github.folder / "temp dir" / RECEIPT
    due = ["python run.py build", f"python run.py malibook verify --receipt {receipt}"]
    assert called[1:] == (due[:1] if fails == "build" else due)


def published(folder: Path, *, broken: bool) -> None:
    """Lay out a release as `malibook release` does; `broken`: one file arrived otherwise."""
    dist = folder / "dist"
    dist.mkdir()
    files = {"malibook-1.2.0.pdf": b"%PDF", RECEIPT: b"{}"}
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    for name, content in files.items():
        (dist / name).write_bytes(content)
    (dist / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    if broken:
        (dist / RECEIPT).write_bytes(b"{ }")


def test_a_release_is_published_with_all_its_files(github):
    published(github.folder, broken=False)
    code, called, _ = github(script("release.yml", "publish", "gh release create"))
    assert code == 0 and len(called) == 1
    assert called[0].startswith(
        f"gh release create v1.2.0 dist/SHA256SUMS dist/malibook-1.2.0.pdf dist/{RECEIPT} --repo "
    )
    assert "--verify-tag" in called[0]


def test_a_file_that_arrived_otherwise_stops_the_release(github):
    published(github.folder, broken=True)
    code, called, _ = github(script("release.yml", "publish", "gh release create"))
    assert code != 0 and called == []


def test_the_release_is_made_of_a_tested_and_built_book(github):
    steps = [s["run"] for s in workflow("release.yml")["jobs"]["make"]["steps"] if "run" in s]
    assert steps[0] == "bash .ci/run"
    made = [github(text)[1] for text in steps[1:]]
    assert made == [["python run.py build"], ["python run.py malibook release --out dist --tag v1.2.0"]]
