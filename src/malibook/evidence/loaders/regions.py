"""Names of Mali's regions as sources write them, and the region each lay in before 2016.

Maps and tables keep the eight regions and Bamako that open boundaries exist for. Ménaka was cut from Gao and Taoudénit from
Tombouctou in 2016; ten more regions were cut out in 2023.
"""

from __future__ import annotations

import pandas as pd

HOME = "MLI"
SPELLING = {
    "Dioila": "Dioïla",
    "Menaka": "Ménaka",
    "Segou": "Ségou",
    "Taoudenit": "Taoudénit",
    "Taoudenni": "Taoudénit",
    "Timbuktu": "Tombouctou",
}
BEFORE_2016 = {
    "Bandiagara": "Mopti",
    "Bougouni": "Sikasso",
    "Dioïla": "Koulikoro",
    "Douentza": "Mopti",
    "Kita": "Kayes",
    "Koutiala": "Sikasso",
    "Ménaka": "Gao",
    "Nara": "Koulikoro",
    "Nioro": "Kayes",
    "San": "Ségou",
    "Taoudénit": "Tombouctou",
}
REGIONS = ("Bamako", "Gao", "Kayes", "Kidal", "Koulikoro", "Mopti", "Sikasso", "Ségou", "Tombouctou")
_KIND = r"(?i)\s+(?:region|province|district|state|governorate|department|prefecture|county)$"


def spelled(admin1: pd.Series) -> pd.Series:
    """Return first-level units with Mali's accents."""
    return admin1.replace(SPELLING)


def bare(admin1: pd.Series) -> pd.Series:
    """Return UCDP's first-level units without the word for their kind: `Kidal region` is `Kidal`."""
    return admin1.astype("object").str.replace(_KIND, "", regex=True)


def before_2016(admin1: pd.Series) -> pd.Series:
    """Return the region of before 2016 for spelled units of Mali; other names stay as they are."""
    return admin1.replace(BEFORE_2016)
