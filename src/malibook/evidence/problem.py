"""One thing wrong with the data, said in one line."""

from __future__ import annotations

from dataclasses import dataclass

_LONGEST = 60


@dataclass(frozen=True)
class Problem:
    """A fault in the data package: the file (or descriptor), its row (1 is the header), field, value, what to do."""

    table: str
    row: int | None
    field: str
    value: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Return the problem as one line: file, row, field, value, what is wrong, remedy."""
        place = [self.table]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.field:
            place.append(f"field {self.field}")
        if self.value:
            place.append(f"value {_short(self.value)!r}")
        return f"{', '.join(place)}: {' '.join(self.message.split())}; remedy: {' '.join(self.remedy.split())}"


def _short(value: str) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
