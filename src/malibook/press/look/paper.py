"""Pictures of every page of the PDF, made by poppler's pdftoppm."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from malibook.errors import BookError
from malibook.press.processes import finish, start

REMEDY = (
    "on Debian or Ubuntu: apt install poppler-utils; on a Mac: brew install poppler; or leave the PDF out: --no-pdf"
)
DOTS = 80  # an inch: a page is 660 pixels wide, its notes can be read


def draw(pdf: Path, out: Path) -> list[str]:
    """Draw each page of a PDF into `out`; return the files in order, relative to `out`.

    Raises `BookError` where the PDF was not built or pdftoppm is missing or fails.
    """
    if not pdf.exists():
        raise BookError("there is no PDF yet", where=f"_build/pdf/{pdf.name}", remedy="python run.py build")
    tool = shutil.which("pdftoppm")
    if tool is None:
        raise BookError("pdftoppm is missing", where="look", remedy=REMEDY)
    folder = out / "pdf" / pdf.stem
    folder.mkdir(parents=True, exist_ok=True)
    done = finish(start([tool, "-png", "-r", str(DOTS), str(pdf), str(folder / "page")], dict(os.environ)))
    if done.returncode:
        raise BookError(done.stderr.strip() or "no reason given", where=f"pdftoppm {pdf.name}", remedy=REMEDY)
    made = sorted(folder.glob("page-*.png"), key=lambda p: int(re.findall(r"\d+", p.stem)[-1]))
    return [path.relative_to(out).as_posix() for path in made]
