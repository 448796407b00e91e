"""The built PDF, read once for all who look at it: taking the text out of two hundred pages is slow."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pypdf
import pytest


@pytest.fixture(scope="session")
def pdf(built: Path) -> pypdf.PdfReader:
    """The book as PDF."""
    return pypdf.PdfReader(built / "_build" / "pdf" / "mali.pdf")


@pytest.fixture(scope="session")
def pdf_pages(built: Path) -> list[str]:
    """The text of each page of the built PDF, white space evened out; the first worker leaves it to all."""
    kept = built.parent / "pdf-pages.json"
    if not kept.exists():
        reader = pypdf.PdfReader(built / "_build" / "pdf" / "mali.pdf")
        pages = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(pages), encoding="utf-8")
        part.rename(kept)
    return json.loads(kept.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def pages(pdf_pages: list[str]) -> list[str]:
    """The same by a shorter name."""
    return pdf_pages


@pytest.fixture(scope="session")
def entries(built: Path) -> list[dict]:
    """All exhibits of the build."""
    return json.loads((built / "_build" / "ledger.json").read_text(encoding="utf-8"))
