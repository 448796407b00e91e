"""How the link check behaves, and what it leaves out and why: `links.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from malibook.errors import BookError, shown

FILE = "links.toml"


@dataclass(frozen=True)
class Settings:
    """Seconds between two requests to one host, seconds to wait for an answer, tries after the first, hosts at a time.

    `ignored` are patterns of addresses (as in file names: `*`) with the reason why they are not asked.
    """

    pause: float = 2.0
    timeout: float = 20.0
    retries: int = 2
    workers: int = 4
    ignored: tuple[tuple[str, str], ...] = ()

    def reason(self, address: str) -> str:
        """Return why an address is not asked; empty where it is."""
        return next((why for pattern, why in self.ignored if fnmatchcase(address, pattern)), "")

    def idle(self, addresses: list[str]) -> list[str]:
        """Return the patterns that fit no address: what they were for is gone."""
        return [pattern for pattern, _ in self.ignored if not any(fnmatchcase(a, pattern) for a in addresses)]


def settings(root: Path) -> Settings:
    """Return what `links.toml` says, the defaults where there is none; raise `BookError` for what it may not say."""
    path = root / FILE
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BookError(f"cannot be read: {error}", where=FILE, remedy="mend it, or restore it with git") from None
    ignored = tuple(_entry(at, entry) for at, entry in enumerate(_list(raw.pop("ignore", [])), 1))
    return Settings(**{name: _number(name, value) for name, value in raw.items()}, ignored=ignored)


def _number(name: str, value: Any) -> float:
    kinds = {"pause": (0, 60), "timeout": (1, 300), "retries": (0, 10), "workers": (1, 16)}
    if name not in kinds:
        raise BookError(f"unknown field {shown(name)}", where=FILE, remedy=f"choose from {', '.join(kinds)}, ignore")
    least, most = kinds[name]
    kind = int if name in ("retries", "workers") else (int, float)
    if isinstance(value, bool) or not isinstance(value, kind) or not least <= value <= most:
        raise BookError(f"{name} = {shown(value)}", where=FILE, remedy=f"write a number from {least} to {most}")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BookError("ignore is no list of tables", where=FILE, remedy="write each under its own [[ignore]]")
    return value


def _entry(at: int, entry: Any) -> tuple[str, str]:
    fields = ("address", "reason")
    if not isinstance(entry, dict) or set(entry) != set(fields) or not all(str(entry[f]).strip() for f in fields):
        raise BookError(f"entry {at} of ignore", where=FILE, remedy="give it an address and a reason, nothing else")
    return str(entry["address"]), str(entry["reason"])
