"""Turn the text of one cell into a value, or say in plain words why it is none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from malibook.evidence.loaders.columns import Column

Value = int | float | str | None

_WHOLE = re.compile(r"[+-]?\d+(\.0+)?", re.A)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.A)
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})([ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?Z?", re.A)
_WORDS = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})", re.A)
_MANGLED = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}.*|\d{1,2}-[A-Za-z]{3}-\d{2}|[45]\d{4}(\.\d+)?|#+")
_SCIENTIFIC = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+", re.A)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_CODE = re.compile(r"[A-Z0-9]{3}", re.A)
_GARBLED = re.compile("\ufffd|Ã[\u0080-\u00bf€ƒ„…†‡ˆ‰Š‹Œ\u2018-\u201d•–—˜™š›œžŸ]|â€")
_NAMES = ("january", "february", "march", "april", "may", "june", "july")
_NAMES += ("august", "september", "october", "november", "december")
MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)}
LONGEST_TEXT = 5000  # of a name; the longest of a GED event has some hundred letters
IN_A_SPREADSHEET = "download the file again, and do not open and save it in a spreadsheet"
AS_PUBLISHED = "download the file again; if the cell stands so at the publisher, report it there"


class BadCellError(ValueError):
    """A cell that is no value of its kind; the message says what is wrong, `remedy` what to do."""

    def __init__(self, message: str, remedy: str = AS_PUBLISHED) -> None:
        super().__init__(message)
        self.remedy = remedy


def parse(text: str, column: Column, missing: tuple[str, ...]) -> Value:
    """Return a cell's value, None where it is missing; raise `BadCellError` where it does not fit its column."""
    text = text.strip()
    if text in missing:
        if column.empty:
            return None
        raise BadCellError("is empty")
    value = KINDS[column.kind](text)
    if column.low is not None and value < column.low:  # type: ignore[operator]
        raise BadCellError(f"is out of range: below {column.low}")
    if column.high is not None and value > column.high:  # type: ignore[operator]
        raise BadCellError(f"is out of range: above {column.high}")
    return value


def garbled(text: str) -> bool:
    """Return whether a text was read in a wrong encoding and saved so: `SÃ©gou` for `Ségou`."""
    return bool(_GARBLED.search(text))


def _text(text: str) -> str:
    """Return a name without line ends and control characters; a formula would run when the table is opened."""
    if text[:1] in "=+@":
        raise BadCellError("is a spreadsheet formula where a name belongs")
    if len(text) > LONGEST_TEXT:
        raise BadCellError(f"is no name: it has {len(text):,} characters")
    return _CONTROL.sub(" ", text)


def _code(text: str) -> str:
    if _CODE.fullmatch(text.upper()):
        return text.upper()
    raise BadCellError("is no country code of three letters, such as TCD")


def _whole(text: str) -> int:
    if _WHOLE.fullmatch(text) and len(text) > 18:
        raise BadCellError("is out of range: no figure has so many digits")
    if _WHOLE.fullmatch(text):
        return int(text.partition(".")[0])
    if _SCIENTIFIC.fullmatch(text):
        raise BadCellError("was shortened by a spreadsheet: its last digits are lost", IN_A_SPREADSHEET)
    raise BadCellError("is no whole number")


def _number(text: str) -> float:
    if _NUMBER.fullmatch(text):
        return float(text)
    if _NUMBER.fullmatch(text.replace(",", ".", 1)):
        raise BadCellError("has a decimal comma", IN_A_SPREADSHEET)
    raise BadCellError("is no number")


def _day(text: str) -> str:
    """Return a date as ISO text; takes `2024-07-25`, with a time or without, and `25 July 2024`."""
    iso, words = _ISO.fullmatch(text), _WORDS.fullmatch(text)
    try:
        if iso:
            return dt.date.fromisoformat(iso[1]).isoformat()
        if words and words[2].lower() in MONTHS:
            return dt.date(int(words[3]), MONTHS[words[2].lower()], int(words[1])).isoformat()
    except ValueError:
        raise BadCellError("is no date of the calendar") from None
    if _MANGLED.fullmatch(text):
        raise BadCellError("is a date rewritten by a spreadsheet: day and month cannot be told apart", IN_A_SPREADSHEET)
    raise BadCellError("is no date such as 2024-07-25")


def _month(text: str) -> int:
    if text.lower() in MONTHS:
        return MONTHS[text.lower()]
    if _WHOLE.fullmatch(text) and 1 <= int(float(text)) <= 12:
        return int(float(text))
    raise BadCellError("is no month such as July")


KINDS: dict[str, Callable[[str], int | float | str]] = {
    "text": _text,
    "code": _code,
    "whole": _whole,
    "number": _number,
    "day": _day,
    "month": _month,
}
