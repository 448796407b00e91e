"""The library as a wheel, made of the installed files: no build tool, no network, the same bytes each time."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.metadata import distribution

from malibook.evidence import root
from malibook.press.downloads import pack
from malibook.press.imports import HOME
from malibook.press.static import static_folder

NEVER = ("__pycache__", "bundled")
BUNDLE = "malibook/bundled"
_KEPT = re.compile(
    r"^(Name|Version|Summary|License-Expression|Requires-Python|Requires-Dist|Provides-Extra): .*$", re.M
)


def wheel() -> tuple[str, bytes]:
    """Return the name of the wheel's file and its bytes: the library, its style sheets and scripts, the lock it goes with."""
    known = distribution("malibook")
    info = f"malibook-{known.version}.dist-info"
    files = {f"malibook/{p.relative_to(HOME).as_posix()}": p.read_bytes() for p in _library()}
    files |= {f"{BUNDLE}/static/{p.name}": p.read_bytes() for p in sorted(static_folder().iterdir()) if p.is_file()}
    files[f"{BUNDLE}/requirements.txt"] = (root() / "requirements.txt").read_bytes()
    files[f"{BUNDLE}/run.py"] = (root() / "run.py").read_bytes()
    files[f"{info}/METADATA"] = _metadata(str(known.read_text("METADATA"))).encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: malibook\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/entry_points.txt"] = str(known.read_text("entry_points.txt")).encode()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD").encode()
    return f"malibook-{known.version}-py3-none-any.whl", pack(files)


def _library() -> list:
    return sorted(
        p for p in HOME.rglob("*") if p.is_file() and p.suffix != ".pyc" and not any(n in p.parts for n in NEVER)
    )


def _metadata(text: str) -> str:
    head = text.partition("\n\n")[0]
    lines = [found[0].replace("\r", "") for found in _KEPT.finditer(head)]
    return "\n".join(["Metadata-Version: 2.4", *lines]) + "\n"


def _record(files: dict[str, bytes], name: str) -> str:
    lines = []
    for path in sorted(files):
        digest = base64.urlsafe_b64encode(hashlib.sha256(files[path]).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(files[path])}")
    return "\n".join([*lines, f"{name},,"]) + "\n"
