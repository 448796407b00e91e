"""The system's Chromium, driven by Playwright, with the book served to it from this machine alone.

Playwright is needed for looking and testing only, never for building, and is therefore imported late.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from malibook.errors import BookError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# No name but this machine's is ever looked up: a page that asks for one fails, and the browser itself stays silent.
OPTIONS = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-background-networking", "--no-pings")
REMEDY = "on Debian or Ubuntu: apt install chromium; elsewhere install Chrome or Chromium, or set MALIBOOK_CHROMIUM"


def chromium() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    given = os.environ.get("MALIBOOK_CHROMIUM")
    if given:
        return given if Path(given).exists() else None
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in (*found, *PLACES) if path and Path(path).exists()), None)


def lacking() -> str | None:
    """Return what is missing for looking at pages in a browser, with its remedy; None where nothing is."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "Playwright is not installed\n  remedy: python run.py setup, or pip install playwright"
    return None if chromium() else f"no Chromium was found\n  remedy: {REMEDY}"


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield a running browser; raise `BookError` where Playwright or Chromium is missing."""
    missing = lacking()
    if missing:
        what, _, remedy = missing.partition("\n  remedy: ")
        raise BookError(what, where="look", remedy=remedy)
    from playwright.sync_api import Error, sync_playwright

    unboxed = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []  # as root it refuses to start else
    with sync_playwright() as driver:
        try:
            opened = driver.chromium.launch(executable_path=chromium(), args=[*OPTIONS, *unboxed])
        except Error as error:
            said = error.message.splitlines()[0]
            raise BookError(f"Chromium did not start: {said}", where="look", remedy=REMEDY) from None
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on the loopback address, on any free port; yield its address, which ends with a slash."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def watch(page: Page, base: str) -> list[str]:
    """Return a list that fills while the page is used: requests to other hosts, failures, errors on the console."""
    seen: list[str] = []
    page.on("request", lambda asked: _foreign(asked.url, base) and seen.append(f"asks another host: {asked.url}"))
    page.on(
        "requestfailed",
        lambda asked: None if _left(asked) else seen.append(f"could not load {asked.url.removeprefix(base)}"),
    )
    page.on("response", lambda got: got.status >= 400 and seen.append(f"{got.status}: {got.url.removeprefix(base)}"))
    page.on("console", lambda said: said.type == "error" and seen.append(f"console: {said.text[:300]}"))
    page.on("pageerror", lambda error: seen.append(f"script error: {error}"))
    return seen


def pages(folder: Path) -> list[str]:
    """Return every page of a built book, relative to its folder; one that only leads elsewhere is none."""
    found = (p for p in sorted(folder.rglob("*.html")) if not {"_static", "_downloads"} & set(p.parts))
    return [p.relative_to(folder).as_posix() for p in found if not _forwards(p)]


def _forwards(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        return 'http-equiv="refresh"' in file.read(2000).lower()


def _foreign(url: str, base: str) -> bool:
    return urlsplit(url).scheme not in ("data", "blob", "about") and not url.startswith(base)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves without a line for each request."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _left(asked) -> bool:
    """Return whether a request failed only because the page that asked was left, not because of what it asked for."""
    return "ERR_ABORTED" in (asked.failure or "") and asked.url.endswith("favicon.svg")
