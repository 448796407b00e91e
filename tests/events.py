"""A GED file of Mali made up so that its events add up to the months of the committed table: chapters run on it as ever."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd

from tests import upstream as up

KINDS = {1: "events_state_based", 2: "events_non_state", 3: "events_one_sided"}
PARTIES = {
    1: (("Government of Mali", "JNIM"), ("Government of Mali", "IS"), ("Government of Mali", "CSP-DPA")),
    2: (("JNIM", "IS"), ("Dan Na Ambassagou", "JNIM"), ("CMA", "Plateforme"), ("XXX436", "JNIM"), ("MNLA", "MUJAO")),
    3: (
        ("JNIM", "Civilians"),
        ("IS", "Civilians"),
        ("Government of Mali", "Civilians"),
        ("Dan Na Ambassagou", "Civilians"),
    ),
}
SPOTS = ((18.44, 1.41, "Kidal"), (16.27, -0.04, "Gao"), (15.92, 2.4, "Gao"), (14.49, -4.18, "Mopti"), (14.35, -3.61, "Mopti"),
         (13.8, -3.4, "Mopti"), (16.77, -3.0, "Tombouctou"), (13.44, -6.26, "Ségou"), (11.32, -5.67, "Sikasso"))  # fmt: skip


def ged_of_mali(months: pd.DataFrame, seed: int = 7) -> list[dict[str, object]]:
    """Return UCDP events whose sums by month are those of `months` (rows of `violence_month` for Mali, final GED)."""
    dice, out = random.Random(seed), []
    for row in months[months["events"] > 0].itertuples():
        kinds = [kind for kind, column in KINDS.items() for _ in range(int(getattr(row, column)))]
        best = _shares(int(row.deaths_best), int(row.deaths_largest_event), len(kinds))
        high = [best[0] + int(row.deaths_high - row.deaths_best), *best[1:]]
        low = _taken(best, int(row.deaths_best - row.deaths_low))
        civil = [dead - rest for dead, rest in zip(best, _taken(best, int(row.deaths_civilians)), strict=True)]
        for parts in zip(kinds, low, best, high, civil, strict=True):
            out.append(_event(len(out) + 1, f"{row.month:%Y-%m}-{dice.randint(1, 28):02d}", *parts, dice))
    return out


def write_ged_of_mali(folder: Path, months: pd.DataFrame, *more: dict[str, object]) -> Path:
    """Write these events, and any others, as UCDP's file of release 25.1 names them."""
    return up.write_ged(folder / "GEDEvent_v25_1.csv", [*ged_of_mali(months), *more])


def _event(number: int, day: str, kind: int, low: int, best: int, high: int, civil: int, dice: random.Random) -> dict:
    (lat, lon, region), (side_a, side_b) = dice.choice(SPOTS), dice.choice(PARTIES[kind])
    where = dice.choices((1, 2, 3, 4, 6), (50, 25, 13, 8, 4))[0]
    spread = {1: 0.8, 2: 0.8, 3: 0.3}.get(where, 0.0)
    changes = {"side_a": side_a, "side_b": side_b, "dyad_name": f"{side_a} - {side_b}", "low": low, "high": high}
    changes |= {"deaths_civilians": civil, "deaths_b": best - civil, "where_prec": where}
    changes |= {"adm_1": f"{region} region", "where_coordinates": f"{region} area"}
    changes |= {"latitude": round(lat + dice.gauss(0, spread), 3), "longitude": round(lon + dice.gauss(0, spread), 3)}
    return up.event(number, "MLI", day, best, kind, **changes)


def _shares(total: int, largest: int, parts: int) -> list[int]:
    """Return `parts` counts that add up to `total`, the first of them `largest`."""
    if parts == 1:
        return [total]
    each, over = divmod(total - largest, parts - 1)
    return [largest, *(each + (n < over) for n in range(parts - 1))]


def _taken(counts: list[int], away: int) -> list[int]:
    """Return the counts after `away` is taken from them, from the last on, none below zero."""
    out = list(counts)
    for n in reversed(range(len(out))):
        step = min(out[n], away)
        out[n], away = out[n] - step, away - step
    return out
