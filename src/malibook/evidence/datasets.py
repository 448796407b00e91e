"""Which tables a run leaves out, by its parameter `dataset`: what rests on one of them, it does not show."""

from __future__ import annotations

# Counts by region and quarter; what ACLED says in reports is a finding like any other.
ACLED = ("violence_region_quarter",)
_LEFT_OUT = {"ucdp": ACLED}


def left_out(dataset: str) -> tuple[str, ...]:
    """Return the tables that a run with this `dataset` leaves out; none for one that takes all."""
    return _LEFT_OUT.get(dataset, ())
