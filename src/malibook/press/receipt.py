"""The receipt of a build: what each exhibit was, as a hash, so that anybody can rerun the book and compare.

It names what the book was made from and, for each chapter, a hash of each figure, table and number. `compare` holds
two receipts against each other, exhibit by exhibit.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

from malibook.errors import BookError
from malibook.press import places
from malibook.press.ledger import Ledger
from malibook.press.provenance import Provenance

DIGITS = 10  # of a number's value that count: the last ones depend on which library for matrices there is
SHOWN = ("text", "value", "unit", "how", "rows", "caption", "alt", "note", "sources", "csv", "svg", "markdown")


def receipt(ledgers: list[Ledger], origin: Provenance) -> dict[str, Any]:
    """Return the receipt of these runs: origin, Python, and every exhibit by chapter and key."""
    made_from = asdict(origin) | {"python": platform.python_version(), "machine": platform.machine()}
    edition = places.current()
    named = {"edition": edition.name} if edition else {}  # a receipt without it is of the published edition
    return named | {"made_from": made_from, "chapters": {ledger.chapter: _chapter(ledger) for ledger in ledgers}}


def receipt_text(entry: dict[str, Any]) -> str:
    """Return a receipt as it is written: sorted, one fact a line."""
    return json.dumps(entry, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_receipt(path: Path) -> dict[str, Any]:
    """Return a receipt from a file; raise `BookError` where there is none or it is no receipt."""
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(entry["made_from"], dict) and all(_whole(c) for c in entry["chapters"].values()):
            return entry
        cause = "is not a receipt"
    except OSError as error:
        cause = f"cannot be read: {error.strerror}"
    except (ValueError, KeyError, TypeError, AttributeError):
        cause = "is not a receipt"
    raise BookError(cause, where=str(path), remedy="build the book first, or name a release's receipt.json")


def _whole(chapter: dict[str, Any]) -> bool:
    """Return whether a chapter's part of a receipt can be compared; raise `KeyError` or another error where it is none."""
    hashed = [exhibit["parts"] for exhibit in chapter["exhibits"].values()]
    return all(isinstance(part, dict) for part in [chapter["parameters"], *hashed])


def compare(before: dict[str, Any], now: dict[str, Any]) -> list[dict[str, str]]:
    """Return one row for each exhibit of either receipt: chapter, kind, key, state, and for numbers both texts.

    The state is `identical`, `different`, `missing` (only before) or `new` (only now). Where a chapter was given other
    parameters, a row of the kind `run` says so.
    """
    out = []
    for chapter in sorted({*before["chapters"], *now["chapters"]}):
        runs = [r["chapters"].get(chapter, {}) for r in (before, now)]
        out += _parameters(chapter, *runs) if all(runs) else []
        old, new = (run.get("exhibits", {}) for run in runs)
        for key in sorted({*old, *new}):
            a, b = old.get(key), new.get(key)
            state = "missing" if b is None else "new" if a is None else "identical" if a == b else "different"
            detail = _detail(a, b) if state == "different" else ""
            kind, _, name = key.partition(":")
            out.append({"chapter": chapter, "kind": kind, "key": name, "state": state, "detail": detail})
    return out


def _parameters(chapter: str, before: dict[str, Any], now: dict[str, Any]) -> list[dict[str, str]]:
    """Return one row where two runs of a chapter were given other parameters, else none."""
    old, new = before["parameters"], now["parameters"]
    changed = [f"{n} {old.get(n)} → {new.get(n)}" for n in sorted({*old, *new}) if old.get(n) != new.get(n)]
    row = {"chapter": chapter, "kind": "run", "key": "parameters", "state": "different", "detail": ", ".join(changed)}
    return [row] if changed else []


def _detail(before: dict[str, Any], now: dict[str, Any]) -> str:
    """Return what differs between two states of one exhibit."""
    if before.get("text") != now.get("text"):
        return f"{before.get('text')} → {now.get('text')}"
    old, new = before["parts"], now["parts"]
    return "differs in " + ", ".join(
        name for name in sorted({*old, *new}, key=_order) if old.get(name) != new.get(name)
    )


def _order(part: str) -> tuple[int, str]:
    return (SHOWN.index(part) if part in SHOWN else len(SHOWN), part)


def _chapter(ledger: Ledger) -> dict[str, Any]:
    return {
        "parameters": ledger.parameters,
        "exhibits": {f"{e['kind']}:{e['key']}": _exhibit(e) for e in ledger.exhibits},
    }


def _exhibit(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an exhibit's parts as short hashes, and a number's text in full."""
    parts = {name: _hash(_settled(entry[name]) if name == "value" else entry[name]) for name in SHOWN if name in entry}
    return {"parts": parts} | ({"text": entry["text"]} if entry["kind"] == "number" else {})


def _settled(value: Any) -> Any:
    """Return a number, or several, without the digits that differ between machines and Pythons."""
    if isinstance(value, list):
        return [_settled(one) for one in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def _hash(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
