"""Bases that changed hands: whose they were, to whom they went, and which of them before a given day."""

from __future__ import annotations

import pandas as pd

FRENCH, UN, RUSSIAN = "French base handed over", "UN base left", "Russian position"


def changes(handovers: pd.DataFrame, first: object, last: object) -> pd.DataFrame:
    """Return the handovers from `first` to `last` in order of time, with `kind` (one of the three above) and `to`.

    A row "A → B" is a base that A left; a row without an arrow is a position that Wagner or the Africa Corps held, alone
    or with the army, from that day.
    """
    rows = handovers[handovers["date"].between(pd.Timestamp(first), pd.Timestamp(last))].sort_values(["date", "id"])
    parts = rows["from_to"].str.partition(" → ")
    origin = parts[0].where(parts[1] != "", "")
    kind = origin.map(lambda name: FRENCH if "Barkhane" in name else UN if "MINUSMA" in name else RUSSIAN)
    return rows.assign(kind=kind, to=parts[2].where(parts[1] != "", parts[0]))


def by_place(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a town: `name`, `lat`, `lon`, `kinds` (in order of time) and `label`, the name with its dates.

    Rows of `changes` that lie within a tenth of a degree are one town, called by the shorter base name without its
    bracket.
    """
    out: list[dict[str, object]] = []
    for row in rows.itertuples():
        near = [p for p in out if abs(p["lat"] - row.lat) < 0.1 and abs(p["lon"] - row.lon) < 0.1]
        name = row.base.partition(" (")[0].partition("/")[0]
        when = f"{row.date:%b %Y}"
        if near:
            near[0]["kinds"].append(row.kind)
            near[0]["dates"].append(when)
        else:
            out.append({"name": name, "lat": row.lat, "lon": row.lon, "kinds": [row.kind], "dates": [when]})
    frame = pd.DataFrame(out)
    return frame.assign(label=frame["name"] + "\n" + frame["dates"].map(lambda d: ", ".join(d)))
