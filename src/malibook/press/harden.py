"""Finish the built pages: a content security policy, the same bytes from every way of building, nothing needless.

The policy lets a page load from its own site only, run only the scripts that the press wrote (inline ones by their
hash), and send nothing anywhere. It stands in the page itself, so it holds from disk and on any host. Sphinx dates its style sheets, and orders its search index, by the way a
book came about (at once, or page by page); both are written here from contents alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

from malibook.press.forks import each
from malibook.press.site.a11y import accessible
from malibook.press.site.figures import darken, with_pictures
from malibook.press.site.markup import light

# What Sphinx and its extensions put into every book, and no page of this one loads.
NEEDLESS_FILES = (
    *(f"_static/{name}.png" for name in ("file", "minus", "plus")),
    *(f"_static/{name}" for name in ("basic.css", "pygments.css", "exercise.css")),
)
NEEDLESS_KINDS = ("_static/mystnb.*.css",)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>(.*?)</script>", re.S)
STYLES = re.compile(r"<style[^>]*>(.*?)</style>", re.S)
ASSET = re.compile(r'(<(?:link|script)[^>]*\b(?:href|src)=")([^"?#:]+\.(?:css|js))(?:\?[^"]*)?(")')
INDEX = re.compile(r"Search\.setIndex\((.*)\)\s*", re.S)
HEAD = re.compile(r"<head[^>]*>")
MARK = '<meta http-equiv="Content-Security-Policy"'


def harden(folder: Path) -> None:
    """Mend the pages of a built book, make them light, give each its policy and each drawing its dark twin, all in place.

    A page that has a policy was finished before, or came finished (a chapter as one file): its addresses alone are looked at.
    """
    for name in NEEDLESS_FILES:
        (folder / name).unlink(missing_ok=True)
    for path in (path for kind in NEEDLESS_KINDS for path in folder.glob(kind)):
        path.unlink()
    _settle_index(folder / "searchindex.js")
    darken(folder / "_images")
    versions: dict[Path, str] = {}
    sizes: dict[Path, tuple[int, int] | None] = {}

    def finish(path: Path) -> None:
        page, at = path.read_text(encoding="utf-8"), path.parent
        text = hardened(page if MARK in page else with_pictures(light(accessible(page, at)), at, sizes))
        text = ASSET.sub(lambda found: _versioned(found, path.parent, versions), text)
        path.write_text(text, encoding="utf-8", newline="\n")

    each(sorted(folder.rglob("*.html")), finish)


def hardened(page: str) -> str:
    """Return a page with its policy; a page that has one is returned as it is."""
    if MARK in page:
        return page
    tag = f'{MARK} content="{policy(page)}">'
    found = HEAD.search(page)
    return f"{page[: found.end()]}\n{tag}{page[found.end() :]}" if found else f"{tag}\n{page}"


def policy(page: str) -> str:
    """Return the policy that fits a page: its own inline scripts and styles by hash, all else from its own site."""
    scripts = " ".join(dict.fromkeys(["'self'", *map(_digest, INLINE.findall(page))]))
    styles = " ".join(dict.fromkeys(["'self'", *map(_digest, STYLES.findall(page))]))
    rules = {
        "default-src": "'none'",
        "script-src": scripts,
        "style-src": styles,
        "style-src-attr": "'unsafe-inline'",  # widths and indents that Sphinx writes on elements; no script in them
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _versioned(found: re.Match[str], at: Path, versions: dict[Path, str]) -> str:
    """Return a style sheet's or script's address with a mark of its content, so that no browser keeps an old one."""
    target = (at / found[2]).resolve()
    if target not in versions:
        content = target.read_bytes() if target.is_file() else b""
        versions[target] = hashlib.sha256(content).hexdigest()[:8]
    return f"{found[1]}{found[2]}?v={versions[target]}{found[3]}"


def _settle_index(path: Path) -> None:
    """Write the search index in alphabetical order; Sphinx writes it in the order in which pages were read."""
    found = INDEX.fullmatch(path.read_text(encoding="utf-8")) if path.exists() else None
    if found:
        index = json.loads(found[1])
        for entries in (index.get("alltitles", {}), index.get("indexentries", {})):
            for name, places in entries.items():
                entries[name] = sorted(places, key=str)
        for words in ("terms", "titleterms"):  # a word that no page holds any more leaves an empty entry behind
            index[words] = {word: pages for word, pages in index.get(words, {}).items() if pages != []}
        text = json.dumps(index, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        path.write_text(f"Search.setIndex({text})", encoding="utf-8", newline="\n")


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
