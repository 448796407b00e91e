"""What a specification curve says: by option, by the choice that matters most, in one line and in one word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from malibook.analysis.specifications import Question

HOLDS, LEANS, FAILS, UNSAID = "holds", "leans", "does not hold", "cannot be said"


def by_option(rows: pd.DataFrame, choices: Sequence[str]) -> pd.DataFrame:
    """Return each option's specifications: `choice`, `option`, `specs`, `median`, and the shares of `direction`,
    `strength` and `against`, from 0 to 1."""
    out = []
    for choice in choices:
        for option in dict.fromkeys(rows[choice]):
            part = rows[rows[choice] == option]
            shares = {name: float(part[name].mean()) for name in ("direction", "strength", "against")}
            out.append(
                {"choice": choice, "option": str(option), "specs": len(part), "median": part["value"].median()} | shares
            )
    return pd.DataFrame(out)


def summary(question: Question, rows: pd.DataFrame) -> dict[str, Any]:
    """Return one line on a curve: the printed value, how many specifications, their range and median, the shares, the verdict."""
    known = rows["value"].dropna()
    shares = {name: float(rows[name].mean()) for name in ("direction", "strength", "against")}
    span = {"lowest": known.min(), "median": known.median(), "highest": known.max()}
    printed = float(rows.loc[rows["published"], "value"].iloc[0])
    return {
        "question": question.key,
        "published": printed,
        "specs": len(rows),
        **span,
        **shares,
        "verdict": verdict(**shares),
    }


def verdict(direction: float, strength: float, against: float) -> str:
    """Return what a curve says of its headline, by a rule fixed beforehand.

    *Holds*: nine in ten agree in direction, two in three in strength, no more than one in twenty clearly say the opposite.
    *Leans*: three in four agree in direction and no more than one in ten clearly say the opposite. *Does not hold*: fewer than one in three agree in
    direction. All else *cannot be said*.
    """
    if direction >= 0.9 and strength >= 2 / 3 and against <= 0.05:
        return HOLDS
    if direction >= 0.75 and against <= 0.1:
        return LEANS
    return FAILS if direction < 1 / 3 else UNSAID


def decisive(rows: pd.DataFrame, choices: Sequence[str]) -> dict[str, Any]:
    """Return the choice whose options differ most in the share that agrees in direction (in strength where all agree).

    Keys: `choice`, `least` and `most` (the options), `least_share`, `most_share`, `by` (what the shares are of), and `turns`,
    the options under which fewer than half agree.
    """
    options = by_option(rows, [c for c in choices if rows[c].nunique() > 1])
    spread = {
        name: options.groupby("choice")[name].agg(lambda x: x.max() - x.min()) for name in ("direction", "strength")
    }
    by = "direction" if spread["direction"].max() >= 0.05 else "strength"
    choice = spread[by].idxmax()
    part = options[options["choice"] == choice].sort_values(by, kind="stable")
    turned = options[options["direction"] < 0.5]
    return {
        "choice": choice, "least": part["option"].iloc[0], "least_share": part[by].iloc[0], "most": part["option"].iloc[-1],
        "most_share": part[by].iloc[-1], "by": by, "turns": list(zip(turned["choice"], turned["option"], strict=True)),
    }  # fmt: skip
