"""The built PDF, read once for all who look at it: taking the text out of two hundred pages is slow."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pypdf
import pytest


@pytest.fixture(scope="session")
def pdf(built: Path) -> pypdf.PdfReader:
    """The book as PDF."""
    return pypdf.PdfReader(built / "_build" / "pdf" / "mali.pdf")


@pytest.fixture(scope="session")
def pages(pdf) -> list[str]:
    """The text of each page, white space evened out."""
    return [re.sub(r"\s+", " ", p.extract_text()) for p in pdf.pages]


@pytest.fixture(scope="session")
def entries(built: Path) -> list[dict]:
    """All exhibits of the build."""
    return json.loads((built / "_build" / "ledger.json").read_text(encoding="utf-8"))
