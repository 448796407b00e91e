"""The runs that docs/rerun.md tells to type, typed: papermill alone gives the published exhibits, or other ones where asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from malibook.press.ledger import breaches, read_ledger
from malibook.press.notebooks import read
from malibook.press.provenance import provenance
from malibook.press.receipt import compare, receipt
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="the page's lines for a shell of POSIX")]
LINES = re.findall(r"^\S.*papermill notebooks/.*$", (ROOT / "docs" / "rerun.md").read_text(encoding="utf-8"), re.M)
ALONE = [line for line in LINES if "Scripts" not in line]
CHAPTER = "03-tinzaouatene"


def type_in(line: str, book: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as it is printed, the environment's folder and the output apart."""
    line = line.replace(".venv/bin/", f"{Path(sys.executable).parent}/").replace("mine-03.ipynb", str(out))
    env = {name: value for name, value in os.environ.items() if not name.startswith("MALIBOOK_")}
    return subprocess.run(["bash", "-c", line], cwd=book, env=env, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("changed", [False, True], ids=["as published", "high"])
def test_papermill_alone(built, tmp_path, changed):
    (line,) = [x for x in ALONE if ("-p estimate high" in x) == changed]
    done = type_in(line, built, tmp_path / "out.ipynb")
    assert done.returncode == 0, done.stderr
    published = read_ledger(read(built / "_build" / "executed" / f"{CHAPTER}.ipynb"), CHAPTER)
    mine = read_ledger(read(tmp_path / "out.ipynb"), CHAPTER)
    rows = compare(*(receipt([ledger], provenance()) for ledger in (published, mine)))
    assert breaches(mine) == [] and len(rows) > 50
    states = {row["state"] for row in rows}
    assert states == ({"identical", "different"} if changed else {"identical"})
