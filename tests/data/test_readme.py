"""The three ways to open the data, as data/README.md shows them, run as they stand there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "data/README.md")
README = (ROOT / "data" / "README.md").read_text(encoding="utf-8")


def first_title() -> str:
    return pd.read_csv(ROOT / "data/tables/events.csv")["title"].iloc[0]


def deaths_in_mali() -> str:
    months = pd.read_csv(ROOT / "data/tables/violence_month.csv")
    return str(int(months.query("iso3 == 'MLI' and dataset == 'ucdp-ged'")["deaths_best"].sum()))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("tool", "answer"), [("frictionless", first_title), ("pandas", lambda: "air-strike"), ("duckdb", deaths_in_mali)]
)
def test_a_snippet_runs_as_printed(page, tool, answer):
    snippets = re.findall(r"```python\n(.+?)```", (ROOT / page).read_text(encoding="utf-8"), re.S)
    (snippet,) = [text for text in snippets if tool in text]
    assert len(snippet.strip().splitlines()) == 3
    done = subprocess.run([sys.executable, "-c", snippet], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert answer() in done.stdout


def test_the_licences_are_those_of_the_descriptor():
    resources = json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))["resources"]
    unverified = {r["name"] for r in resources for licence in r["licenses"] if licence["name"] == "not-verified"}
    sentence = re.search(r"Five tables \((.+?)\)", README, re.S)
    assert sentence and set(re.findall(r"`(\w+)`", sentence[1])) == unverified and len(unverified) == 5
    assert "`violence_events`" not in README or any(r["name"] == "violence_events" for r in resources)
