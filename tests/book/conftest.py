"""What several tests of the built book read: the text of the PDF, page by page, extracted once for all workers."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pypdf
import pytest


@pytest.fixture(scope="session")
def pdf_pages(built: Path) -> list[str]:
    """The text of each page of the built PDF; reading it takes most of a minute, so the first worker leaves it to all."""
    kept = built.parent / "pdf-pages.json"
    if not kept.exists():
        reader = pypdf.PdfReader(built / "_build" / "pdf" / "mali.pdf")
        pages = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(pages), encoding="utf-8")
        part.rename(kept)
    return json.loads(kept.read_text(encoding="utf-8"))
