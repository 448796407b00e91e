"""The map and the timeline: one mark an event in each, a link to the event's row, so that they work without a script.

Both drawings are hidden from screen readers and left out of the tab order: each mark is the twin of a row of the table,
which says all that the mark does and more. Hundreds of links that say "circle" twice over would only stand in the way;
whoever cannot use a mouse walks through the marks by the buttons and the slider that the script puts under the map.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import pandas as pd

from malibook.evidence import load
from malibook.evidence.dated_phases import phases
from malibook.press.explore.basemap import HEIGHT, WIDTH, ground, inside, project
from malibook.press.explore.kinds import FAMILIES, FAMILY, SHAPES, short
from malibook.press.explore.model import Event
from malibook.press.explore.packing import GAP, in_rows, round_points

TOWNS = {  # the towns named on the map: where the name stands from the town's point, and whether on phones as well
    "bamako": (-62, 50, "end", True), "kidal": (78, 26, "start", True), "gao": (46, -30, "start", True),
    "timbuktu": (-10, -44, "middle", True), "menaka": (116, 46, "end", False), "kayes": (-6, -28, "middle", True),
    "tessalit": (-44, -8, "end", False), "sevare": (-66, 52, "end", True), "tinzaouatene": (88, -54, "end", True),
    "ouagadougou": (0, 42, "middle", False), "niamey": (-24, 44, "middle", True),
}  # fmt: skip
LANDS = {"Algeria": (0.6, 23.9), "Mauritania": (-9.0, 17.6), "Niger": (3.5, 16.1), "Burkina Faso": (-2.4, 12.9),
         "Côte d’Ivoire": (-6.2, 9.98), "Guinea": (-10.6, 10.6), "Senegal": (-11.75, 13.7)}  # fmt: skip
STRIP = 78  # units under the map for what lies outside it
FIRST, LAST = 2012, 2027
AXIS = 74  # where the years begin; before them stands what happened earlier
YEAR = (WIDTH - AXIS) / (LAST - FIRST)


def chart(events: list[Event]) -> str:
    """Return the map, with what lies outside its frame in a strip below it."""
    at_home = [e for e in events if pd.notna(e.row["lat"]) and inside(e.row["lon"], e.row["lat"])]
    spots = round_points([project(e.row["lon"], e.row["lat"]) for e in at_home], WIDTH, HEIGHT)
    marks = links(zip(at_home, spots, strict=True))
    abroad = [e for e in events if pd.notna(e.row["lat"]) and e not in at_home]
    nowhere = [e for e in events if pd.isna(e.row["lat"])]
    strip = _group("Beyond the map", abroad, 12) + _group("No single place", nowhere, WIDTH * 0.64)
    return (
        f'<svg class="xmap" viewBox="0 0 {WIDTH} {HEIGHT + STRIP}" aria-hidden="true">'
        f'<defs>{"".join(_clip())}</defs><g clip-path="url(#frame)"><path class="sea" d="M0 0H{WIDTH}V{HEIGHT}H0z"/>{ground()}'
        f"{_lands()}</g>{marks}{_towns()}{strip}</svg>"
    )


def timeline(events: list[Event]) -> str:
    """Return the timeline: phases as bands, one lane for each family of kinds, one mark an event."""
    top, parts = 84.0, []
    for family in FAMILIES:
        lane, height = _lane(family, [e for e in events if FAMILY[e.row["category"]] == family], top)
        parts.append(lane)
        top += height
    return (
        f'<svg class="xtime" viewBox="0 0 {WIDTH} {top + 40:.0f}" aria-hidden="true">'
        f"{_bands(top)}{''.join(parts)}{_years(top)}</svg>"
    )


def _lane(family: str, events: list[Event], top: float) -> tuple[str, float]:
    """Return a lane and its height; what happened before the first year stands together at its beginning."""
    early = [e for e in events if e.row["date"].year < FIRST]
    later = [e for e in events if e.row["date"].year >= FIRST]
    rows = in_rows([_x(e.row["date"]) for e in later])
    height = (max(rows, default=0) + 1) * GAP + 44
    base = top + height - GAP * 0.75
    spots = [(round(15 + GAP * (n % 3)), round(base - n // 3 * GAP)) for n in range(len(early))]
    spots += [(round(_x(e.row["date"])), round(base - row * GAP)) for e, row in zip(later, rows, strict=True)]
    return (
        f'<path class="lane" d="M0 {top + height:.0f}H{WIDTH}"/>'
        f'<text x="{AXIS + 8}" y="{top + 27:.0f}" class="family">{family}</text>'
        f"{links(zip(early + later, spots, strict=True))}"
    ), height


def links(marks: Iterable[tuple[Event, tuple[int, int]]]) -> str:
    """Return marks, kind by kind, each a link to its event; a dark rim says that figures are contested."""
    by_kind: dict[str, list[str]] = {}
    for event, (x, y) in marks:
        kind, rim = event.row["category"], ' class="rim"' if event.contested else ""
        one = f'<a href="#{event.target}" tabindex="-1"{rim}><use href="#{short(kind)}" x="{x}" y="{y}"/></a>'
        by_kind.setdefault(kind, []).append(one)
    return "".join(
        f'<g class="{FAMILY[kind].lower()}">{"".join(by_kind[kind])}</g>' for kind in SHAPES if kind in by_kind
    )


def _group(label: str, events: list[Event], left: float) -> str:
    across = 18 if left < WIDTH / 2 else 12
    spots = [
        (round(left + 10 + n % across * (GAP + 1.5)), round(HEIGHT + 42 + n // across * GAP))
        for n in range(len(events))
    ]
    return (
        f'<text x="{left:.0f}" y="{HEIGHT + 25}" class="strip">{label}</text>{links(zip(events, spots, strict=True))}'
    )


def _clip() -> list[str]:
    return [f'<clipPath id="frame"><path d="M0 0H{WIDTH}V{HEIGHT}H0z"/></clipPath>']


def _lands() -> str:
    out = []
    for name, (lon, lat) in LANDS.items():
        x, y = project(lon, lat)
        some = " some" if name == "Senegal" else ""  # too near the edge for the larger type of phones
        out.append(f'<text x="{x:.0f}" y="{y:.0f}" class="country{some}">{name}</text>')
    return "".join(out)


def _towns() -> str:
    places = load("places").set_index("id")
    out = []
    for name, (dx, dy, side, always) in TOWNS.items():
        x, y = project(places.at[name, "lon"], places.at[name, "lat"])
        some = "" if always else ' class="some"'
        out.append(
            f'<text x="{x + dx:.0f}" y="{y + dy:.0f}" text-anchor="{side}"{some}>{escape(places.at[name, "name"])}</text>'
        )
    return f'<g class="towns">{"".join(out)}</g>'


def _x(day: pd.Timestamp) -> float:
    days = (pd.Timestamp(day.year + 1, 1, 1) - pd.Timestamp(day.year, 1, 1)).days
    return AXIS + (day.year - FIRST + (day.dayofyear - 1) / days) * YEAR


def _bands(bottom: float) -> str:
    """Return the phases: first all bands, then their names, in three rows so that they keep clear of each other."""
    bands = [f'<path class="band" d="M0 0H{AXIS - 8}V{bottom:.0f}H0z"/>']
    names = ['<text x="4" y="74" class="phase">Earlier</text>']
    for n, phase in enumerate(phases()):
        left, right = _x(phase.start), _x(phase.end) if phase.end is not None else WIDTH
        shade = "band" if n % 2 else "band even"
        bands.append(
            f'<path class="{shade}" data-p="{phase.id}" d="M{left:.0f} 0H{right:.0f}V{bottom:.0f}H{left:.0f}z"/>'
        )
        at, side = (left + 4, "start") if phase.end is not None else (WIDTH - 4, "end")
        names.append(
            f'<text x="{at:.0f}" y="{22 + n % 3 * 26}" class="phase" text-anchor="{side}">{phase.short_label}</text>'
        )
    return "".join(bands + names)


def _years(y: float) -> str:
    out = [f'<path class="axis" d="M{AXIS} {y:.0f}H{WIDTH}']
    out += [f"M{AXIS + n * YEAR:.0f} {y:.0f}v7" for n in range(LAST - FIRST)]
    out.append('"/>')
    for year in range(FIRST, LAST, 2):
        some = "" if (year - FIRST) % 4 == 0 else " some"
        out.append(f'<text x="{AXIS + (year - FIRST) * YEAR:.0f}" y="{y + 32:.0f}" class="year{some}">{year}</text>')
    return "".join(out)
