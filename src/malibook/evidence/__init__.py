"""The only door to the data: tables, sources, parameters, periods, loaders.

Names are fetched when they are first asked for: who wants to know where the book lies need not load pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from malibook.evidence.datasets import left_out
    from malibook.evidence.dated_phases import Phase, phase_of, phases
    from malibook.evidence.documents import source_ids
    from malibook.evidence.identity import file_stem, home_country
    from malibook.evidence.names import country_file, country_first, country_name, country_title
    from malibook.evidence.package import (
        Field,
        Resource,
        absence,
        data_version,
        describe,
        descriptor,
        has,
        resources,
        root,
    )
    from malibook.evidence.parameters import Parameters, unknown_parameter
    from malibook.evidence.served import allowed, check_served, limits_of, values_of
    from malibook.evidence.sources import bibliography
    from malibook.evidence.tables import forget_opened, geo, key_of, load, opened, split_list, untraced

__all__ = [
    "Field",
    "Parameters",
    "Phase",
    "Resource",
    "absence",
    "allowed",
    "bibliography",
    "check_served",
    "country_file",
    "country_first",
    "country_name",
    "country_title",
    "data_version",
    "describe",
    "descriptor",
    "file_stem",
    "forget_opened",
    "geo",
    "has",
    "home_country",
    "key_of",
    "left_out",
    "limits_of",
    "load",
    "opened",
    "phase_of",
    "phases",
    "resources",
    "root",
    "source_ids",
    "split_list",
    "unknown_parameter",
    "untraced",
    "values_of",
]

_WHERE = {
    **dict.fromkeys(
        ("Field", "Resource", "absence", "data_version", "describe", "descriptor", "has", "resources", "root"),
        "package",
    ),
    "left_out": "datasets",
    **dict.fromkeys(("file_stem", "home_country"), "identity"),
    **dict.fromkeys(("country_file", "country_first", "country_name", "country_title"), "names"),
    **dict.fromkeys(("allowed", "check_served", "limits_of", "values_of"), "served"),
    **dict.fromkeys(("Parameters", "unknown_parameter"), "parameters"),
    **dict.fromkeys(("Phase", "phase_of", "phases"), "dated_phases"),
    "bibliography": "sources",
    "source_ids": "documents",
    **dict.fromkeys(("forget_opened", "geo", "key_of", "load", "opened", "split_list", "untraced"), "tables"),
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
