"""Scores of the articles: verdicts counted by article, kind and theme, and counted again under other rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from malibook.analysis.verdict_rules import CONTESTED, CONTRADICTED, SUPPORTED, UNTESTABLE, VERDICTS, Bench
from malibook.analysis.verdicts import DATA, DOCUMENT, decide
from malibook.errors import BookError

# Our notes on two of the texts, kept among the claims: true, and no merit of the article.
ABOUT_TEXT = ("s094", "s105")
BY_PREMISE = {"holds": SUPPORTED, "in part": CONTESTED, "fails": CONTRADICTED, "unknown": UNTESTABLE}


def counted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the claims that enter a score: all but those that describe the article itself."""
    return rows[~rows["id"].isin(ABOUT_TEXT)]


def intervals(rows: pd.DataFrame, by: str, level: float = 0.95) -> pd.DataFrame:
    """Return the share of testable claims that are supported, by the values of a column, with its Wilson interval.

    Columns: the column, `claims` (testable), `supported`, `share`, `low`, `high` (all three from 0 to 1). The interval
    treats the claims as drawn at random, which they are not: it says how little so few can carry.
    """
    tested = rows[rows["verdict"] != UNTESTABLE]
    right = tested["verdict"].eq(SUPPORTED).groupby(tested[by]).agg(["size", "sum"])
    low, high = proportion_confint(right["sum"], right["size"], alpha=1 - level, method="wilson")
    out = right.set_axis(["claims", "supported"], axis=1).assign(share=right["sum"] / right["size"], low=low, high=high)
    return out.rename_axis(by).reset_index()


def tally(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the number of claims of each verdict by the values of a column, all verdicts as columns in their order."""
    return pd.crosstab(rows[by], rows["verdict"]).reindex(columns=list(VERDICTS), fill_value=0)


def share_right(rows: pd.DataFrame, contested: float = 0.5, untestable: float | None = None) -> float:
    """Return the share of claims that hold, from 0 to 1: a contested one counts `contested`, an untestable one not at all
    or, where a number is given, that much. Missing where nothing is left to count."""
    worth = {SUPPORTED: 1.0, CONTESTED: contested, CONTRADICTED: 0.0}
    if untestable is not None:
        worth[UNTESTABLE] = untestable
    return float(rows["verdict"].map(worth).mean())


def told(share: float) -> str:
    """Return a share as the book prints it, or that nothing can be counted."""
    return "none that can be tested" if pd.isna(share) else f"{share:.0%}"


def on_premises(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the claims with causes judged by their premise alone, as if the cause had never been asserted."""
    causal = rows["kind"] == "causal"
    return rows.assign(verdict=rows["verdict"].mask(causal, rows["premise"].map(BY_PREMISE)))


def scores(rows: pd.DataFrame, by: str = "article") -> pd.DataFrame:
    """Return the share right by the values of a column under each rule: columns `rule`, `group`, `share`, `claims`.

    The first rule is the book's own: contested counts half, untestable not at all. `claims` is how many a share is of.
    """
    rules = {
        "as judged (contested counts half)": (rows, 0.5, None),
        "contested counts as right": (rows, 1.0, None),
        "contested counts as wrong": (rows, 0.0, None),
        "untestable counts as wrong, advice apart": (rows[rows["kind"] != "normative"], 0.5, 0.0),
        "without low confidence": (rows[rows["confidence"] != "low"], 0.5, None),
        "only what data decide": (rows[rows["by"] == DATA], 0.5, None),
        "only what documents decide": (rows[rows["by"] == DOCUMENT], 0.5, None),
        "only facts and figures": (rows[rows["kind"].isin(["fact", "figure"])], 0.5, None),
        "causes by their premise alone": (on_premises(rows), 0.5, None),
    }
    out = []
    for rule, (chosen, contested, untestable) in rules.items():
        for group in sorted(rows[by].unique()):
            part = chosen[chosen[by] == group]
            counted = part if untestable is not None else part[part["verdict"] != UNTESTABLE]
            out.append((rule, group, share_right(part, contested, untestable), len(counted)))
    return pd.DataFrame(out, columns=["rule", "group", "share", "claims"])


def other_margins(rows: pd.DataFrame, bench: Bench, margins: Iterable[float]) -> pd.DataFrame:
    """Return which verdicts by data become another under other margins: columns `margin`, `id`, `verdict`, `becomes`."""
    by_data = rows[rows["by"] == DATA]
    out = []
    for margin in margins:
        other = replace(bench, margin=margin)
        for row in by_data.to_dict("records"):
            try:
                becomes = decide(row["test"], other).verdict
            except BookError:
                becomes = UNTESTABLE
            if becomes != row["verdict"]:
                out.append((margin, row["id"], row["verdict"], becomes))
    return pd.DataFrame(out, columns=["margin", "id", "verdict", "becomes"])


def threads(rows: pd.DataFrame, least: int = 2) -> pd.DataFrame:
    """Return the claims of each subject that `least` articles or more share, most widely shared first.

    Columns as given, with `articles`, the number of articles of the subject, and `share`, the share right.
    """
    shared = rows.dropna(subset="thread")
    articles = shared.groupby("thread")["article"].nunique()
    share = pd.Series({name: share_right(part) for name, part in shared.groupby("thread")})
    out = shared.assign(articles=shared["thread"].map(articles), share=shared["thread"].map(share))
    return out[out["articles"] >= least].sort_values(["articles", "thread", "id"], ascending=[False, True, True])
