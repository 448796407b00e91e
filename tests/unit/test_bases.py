"""Bases that changed hands, on a small frame whose answers are known."""

from __future__ import annotations

import pandas as pd

from malibook.analysis.bases import FRENCH, RUSSIAN, UN, by_place, changes


def handovers() -> pd.DataFrame:
    rows = [
        ("c", "Kidal (UN camp)", "MINUSMA → CSP; FAMa/Wagner from 14 November 2023", "2023-10-31", 18.44, 1.41),
        ("a", "Kidal (ex-Barkhane site)", "Barkhane → FAMa/MINUSMA", "2021-10-12", 18.44, 1.40),
        ("b", "Bamako airport camp (near the runways)", "Wagner, then Africa Corps", "2021-12-01", 12.53, -7.95),
        ("d", "Niono", "FAMa with Africa Corps", "2025-07-01", 14.25, -5.99),
    ]
    frame = pd.DataFrame(rows, columns=["id", "base", "from_to", "date", "lat", "lon"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


def test_who_left_and_who_came():
    found = changes(handovers(), "2021-09-01", "2023-12-31")
    assert found["id"].tolist() == ["a", "b", "c"]
    assert found["kind"].tolist() == [FRENCH, RUSSIAN, UN]
    assert found["to"].tolist()[:2] == ["FAMa/MINUSMA", "Wagner, then Africa Corps"]


def test_two_bases_of_one_town_are_one_place():
    found = by_place(changes(handovers(), "2021-09-01", "2023-12-31"))
    assert found["name"].tolist() == ["Kidal", "Bamako airport camp"]
    assert found.loc[0, "kinds"] == [FRENCH, UN]
    assert found.loc[0, "label"] == "Kidal\nOct 2021, Oct 2023"
