"""Search every file of a student pack for what only instructors may see: plain, escaped, encoded, inside archives."""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import zipfile
import zlib
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import nbformat
from nbformat import NotebookNode

from malibook.coursework.secret import bare, secrets, short_lines
from malibook.coursework.sheet import MARKERS, kept_metadata, path_of, read_sheet, sheets, squeezed, stripped
from malibook.errors import BookError
from malibook.evidence import resources, root

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
DEEPEST = 4
# Escaped line ends join the lines of a notebook: `",\n "` between two lines of source is what JSON adds.
_JOINTS = re.compile(r'\\n",\s*"')


def checked(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files of a student pack unchanged; raise `BookError` where one holds a secret of any sheet.

    A phrase that a table of the open data package holds is no secret; nothing else is excused, the library neither,
    but short lines (`costs = {}`) that the library or any sheet shows as well.
    """
    every, known, allowed = _known(tuple((path_of(n), path_of(n).stat().st_mtime_ns) for n in sheets()))
    found = leaks(files, known, _lines(every, files), allowed)
    found += [odd for n in sorted(files) if n.endswith(".ipynb") for odd in _beside(n, files[n])]
    if found:
        rest = f" … and {len(found) - 5} more" if len(found) > 5 else ""
        raise BookError(
            "the student pack would give answers away, so it was not written: " + "; ".join(found[:5]) + rest,
            where="malibook coursework pack --student",
            remedy="put the named text between the markers of its sheet, or tag its cell `instructor`",
        )
    return files


@cache
def _known(found: tuple[tuple[Path, int], ...]) -> tuple[list[NotebookNode], dict[str, str], frozenset[str]]:
    """Return the sheets at these paths (of these times), their secrets, and those that a table of the book shows."""
    every = [read_sheet(path) for path, _ in found]
    known = {piece: e for nb in every for piece, e in secrets(nb).items()}
    tables = [root() / "data" / r.path for r in resources().values() if r.path.suffix == ".csv"]
    public = squeezed("\n".join(path.read_text(encoding="utf-8") for path in tables))
    return every, known, frozenset(piece for piece in known if piece in public)


def _lines(every: list[NotebookNode], files: dict[str, bytes]) -> dict[str, str]:
    """Return the short lines that stand in solutions and nowhere else that students may look."""
    shown = [c.source for nb in every for c in stripped(nb).cells]
    shown += [c.decode() for n, c in files.items() if n.startswith("library/") and n.endswith(".py")]
    public = {bare(line) for text in shown for line in text.splitlines()}
    return {line: e for nb in every for line, e in short_lines(nb).items() if line not in public}


def _beside(name: str, content: bytes) -> list[str]:
    """Return a line for each cell of a notebook whose metadata holds more than students get, or an attachment."""
    try:
        nb = nbformat.reads(content.decode(), as_version=4)
    except (ValueError, AttributeError, nbformat.ValidationError):
        return [f"{name}: is no readable notebook"]
    odd = [n for n, c in enumerate(nb.cells, 1) if kept_metadata(c) != c.metadata or c.get("attachments")]
    return [f"{name}: cell {n} has metadata or an attachment that students do not get" for n in odd]


def leaks(
    files: dict[str, bytes], secret: dict[str, str], lines: dict[str, str], allowed: frozenset[str] = frozenset()
) -> list[str]:
    """Return one line for each file and exercise of which a secret was found; `allowed` pieces are no secret.

    A piece of `secret` is found wherever it stands, one of `lines` (as `bare` leaves it) as a line of its own only.
    """
    wanted = {piece: exercise for piece, exercise in secret.items() if piece not in allowed}
    out: dict[tuple[str, str], str] = {}
    for name in sorted(files):
        for where, raw in _views(name, files[name]):
            text = squeezed(raw)
            found = [(p, e) for p, e in wanted.items() if p in text]
            found += [(p, lines[p]) for p in {bare(line) for line in raw.splitlines()} if p in lines]
            for piece, exercise in sorted(found):
                out.setdefault((where, exercise), f"{where}: holds of exercise {exercise}: {piece[:60]!r}")
            marker = next((m for m in MARKERS if m in text and name.endswith(".ipynb")), None)
            if marker:
                out.setdefault((where, marker), f"{where}: holds the marker {marker!r}")
    return list(out.values())


def _views(name: str, content: bytes, depth: int = 0) -> list[tuple[str, str]]:
    """Return the texts that a file can be read as: itself, unescaped, decoded, and each member of an archive."""
    if depth > DEEPEST:
        return []
    out = [(name, text) for text in _readings(name) + _readings(content.decode("utf-8", "replace"))]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:400]:
        out += [(name, content.decode(code, "replace")) for code in ("utf-16-le", "utf-16-be")]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                out += _views(f"{name}/{member}", archive.read(member), depth + 1)
    for inner in _decoded(content):
        out += _views(name, inner, depth + 1)
    return out


def _readings(text: str) -> list[str]:
    """Return a text as it stands and as JSON, HTML or an address would mean it, where that differs."""
    joined = _ESCAPE.sub(_unescape, _JOINTS.sub("\n", text)) if "\\" in text else text
    return list(dict.fromkeys([text, joined, html.unescape(joined), unquote(joined)]))


def _unescape(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _SIMPLE.get(found[3], found[3])


def _decoded(content: bytes) -> list[bytes]:
    """Return what stretches of base64, and a compressed file as a whole, hold."""
    out = []
    for stretch in _BASE64.findall(content):
        body = stretch.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        try:
            inner = base64.b64decode(body + b"=" * (-len(body) % 4))
        except (binascii.Error, ValueError):
            continue
        if _is_text(inner) or inner[:2] in (b"PK", b"\x1f\x8b"):
            out.append(inner)
    if content[:2] == b"\x1f\x8b":
        out.append(zlib.decompress(content, wbits=31))
    return out


def _is_text(inner: bytes) -> bool:
    try:
        return inner.decode("utf-8").isprintable() or b"\n" in inner
    except UnicodeDecodeError:
        return False
