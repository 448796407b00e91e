"""What a refresh is asked for and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from malibook.evidence.loaders import countries
from malibook.evidence.loaders.difference import Difference


@dataclass(frozen=True)
class Files:
    """The upstream files of one refresh, each where it was given."""

    ucdp_ged: Path | None = None
    ucdp_candidate: tuple[Path, ...] = ()
    ucdp_country_year: Path | None = None
    acled: Path | None = None
    hdx: Path | None = None
    unhcr: Path | None = None
    idmc: Path | None = None
    world_bank: tuple[Path, ...] = ()
    vdem: Path | None = None


@dataclass(frozen=True)
class Choices:
    """How to refresh: for which countries (the first one's regions are shown), and what to let pass."""

    countries: tuple[str, ...] = countries.DEFAULT
    dry_run: bool = False
    allow_older: bool = False
    accept_large_changes: bool = False
    accessed: str | None = None  # YYYY-MM, for ACLED's citation


DEFAULTS = Choices()


@dataclass(frozen=True)
class Outcome:
    """What a refresh found and did: the files read, notes, differences by table, the files written below the data folder."""

    files: tuple[str, ...]
    notes: tuple[str, ...]
    differences: tuple[Difference, ...]
    written: tuple[str, ...] = ()
