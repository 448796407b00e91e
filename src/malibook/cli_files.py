"""The options that take official files, as `malibook data refresh` and `malibook fork` have them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def _file(help_text: str) -> Any:
    return typer.Option(metavar="FILE", help=help_text)


UcdpGed = Annotated[Path | None, _file("UCDP GED, CSV or zip.")]
UcdpCandidate = Annotated[list[Path] | None, _file("UCDP candidate events; may be given several times.")]
UcdpCountryYear = Annotated[Path | None, _file("UCDP country-year (organised violence), CSV or zip.")]
Acled = Annotated[Path | None, _file("ACLED event export, CSV or xlsx; only sums are kept.")]
Hdx = Annotated[Path | None, _file("ACLED's political violence workbook from HDX, xlsx.")]
Unhcr = Annotated[Path | None, _file("UNHCR Refugee Data Finder, CSV or zip.")]
Idmc = Annotated[Path | None, _file("IDMC displacement data, xlsx or CSV.")]
WorldBank = Annotated[list[Path] | None, _file("World Bank indicator, CSV or zip; may be given twice.")]
Vdem = Annotated[Path | None, _file("V-Dem country-year, CSV or zip.")]
Accessed = Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Month of ACLED's download.")]
Older = Annotated[bool, typer.Option("--allow-older", help="Take a release older than the tables have.")]
LargeChanges = Annotated[
    bool, typer.Option("--accept-large-changes", help="Take a file that moves totals by more than a quarter.")
]
