"""The only door to the data: tables, sources, parameters, periods, loaders."""

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
from malibook.evidence.phases import Phase, phase_of, phases
from malibook.evidence.sources import bibliography, source_ids
from malibook.evidence.tables import forget_opened, geo, key_of, load, opened, split_list

__all__ = [
    "Field",
    "Parameters",
    "Phase",
    "Resource",
    "absence",
    "bibliography",
    "data_version",
    "describe",
    "descriptor",
    "forget_opened",
    "geo",
    "has",
    "key_of",
    "load",
    "opened",
    "phase_of",
    "phases",
    "resources",
    "root",
    "source_ids",
    "split_list",
    "unknown_parameter",
]
