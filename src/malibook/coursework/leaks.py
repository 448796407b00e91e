"""Search every file of a student pack for what only instructors may see: plain, escaped, encoded, inside archives."""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import zipfile
import zlib
from urllib.parse import unquote

from malibook.coursework.sheet import MARKERS, squeezed

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
DEEPEST = 4
# Escaped line ends join the lines of a notebook: `",\n "` between two lines of source is what JSON adds.
_JOINTS = re.compile(r'\\n",\s*"')


def leaks(files: dict[str, bytes], secret: dict[str, str], allowed: frozenset[str] = frozenset()) -> list[str]:
    """Return one line for each file and exercise of which a secret piece was found; `allowed` pieces are no secret."""
    wanted = {piece: exercise for piece, exercise in secret.items() if piece not in allowed}
    out: dict[tuple[str, str], str] = {}
    for name in sorted(files):
        for where, text in (view for view in _views(name, files[name])):
            for piece, exercise in wanted.items():
                if piece in text:
                    out.setdefault((where, exercise), f"{where}: holds of exercise {exercise}: {piece[:60]!r}")
            marker = next((m for m in MARKERS if m in text and name.endswith(".ipynb")), None)
            if marker:
                out.setdefault((where, marker), f"{where}: holds the marker {marker!r}")
    return list(out.values())


def _views(name: str, content: bytes, depth: int = 0) -> list[tuple[str, str]]:
    """Return the texts that a file can be read as: itself, unescaped, decoded, and each member of an archive."""
    if depth > DEEPEST:
        return []
    out = [(name, squeezed(text)) for text in _readings(name) + _readings(content.decode("utf-8", "replace"))]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:400]:
        out += [(name, squeezed(content.decode(code, "replace"))) for code in ("utf-16-le", "utf-16-be")]
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
