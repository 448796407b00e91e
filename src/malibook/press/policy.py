"""The tables of the page *Policy options*: every recommendation of the source articles, and what was counted of costs."""

from __future__ import annotations

import pandas as pd

from malibook.errors import BookError
from malibook.evidence import load, split_list
from malibook.house.wording import escape, format_value

# The claims that recommend each option; a recommendation named nowhere here stands under the last.
GENERAL = "Advice in general"
OPTIONS = {
    "A stronger army": ("s015", "s023"),
    "Shared intelligence": ("s016", "s100"),
    "Other partners, better diplomacy": ("s017", "s020", "s022", "s097", "s098"),
    "An army that civilians trust": ("s018",),
    "Security by communities": ("s024", "s101"),
    "Money and development": ("s099", "s102", "s170"),
    "Talks and a settlement": ("s121",),
    "No more hired forces": ("s009",),
}
# What somebody counted of the price of each option: rows of `economy`, `deployments` and `findings`.
COUNTED = {
    "A stronger army": ("eutm-2024-05-18-output",),
    "Other partners, better diplomacy": ("2022-07-03-sanctions",),
    "Money and development": (
        "2012-french-spending", "2018-french-spending", "2012-french-aid", "2019-french-aid", "2019-french-military-share",
    ),
    "Talks and a settlement": ("carter-2018-commitments",),
    "A hired force": ("2021-09-13-wagner-cost", "2023-06-30-wagner-cost"),
}  # fmt: skip
PREMISE = {"holds": "holds", "in part": "holds in part", "fails": "does not hold", "unknown": "cannot be judged"}


def recommendations() -> pd.DataFrame:
    """Return every piece of policy advice with its `option`, `article`, `premise` and `reason`, in the order of the options."""
    claims = load("press_claims")
    advice = claims[(claims["kind"] == "normative") & (claims["theme"] == "policy")]
    advice = advice.merge(load("verdicts"), left_on="id", right_on="press_claim")
    option_of = {claim: option for option, ids in OPTIONS.items() for claim in ids}
    if unknown := sorted(set(option_of) - set(advice["id"])):
        raise BookError(
            f"press/policy.py names claims that are no recommendations in press_claims: {', '.join(unknown)}"
        )
    order = {option: n for n, option in enumerate([*OPTIONS, GENERAL])}
    advice = advice.assign(option=advice["id"].map(option_of).fillna(GENERAL))
    return advice.sort_values(["option", "id"], key=lambda s: s.map(order) if s.name == "option" else s)


def recommendation_table() -> str:
    """Return the recommendations as a MyST table; a premise is what a piece of advice takes for granted."""
    out = ["| option | advice, in our words | its premise | why |", "|:---|:---|:---|:---|"]
    for r in recommendations().itertuples():
        advice = f"{escape(r.claim)} ({{cite:t}}`seed{r.article[1:]}`, {r.id})"
        out.append(f"| {r.option} | {advice} | {PREMISE[r.premise]} | {_reason(r.reason)} {_cite(r.sources)} |")
    return "\n".join(out)


def cost_table() -> str:
    """Return what was counted of the price of each option, one row a figure, with who reported it."""
    rows = {r["id"]: r for name in ("economy", "deployments", "findings") for r in load(name).to_dict("records")}
    out = ["| option | what was counted | figure | for | sources |", "|:---|:---|---:|:---|:---|"]
    for option, ids in COUNTED.items():
        for name in ids:
            if name not in rows:
                raise BookError(f"press/policy.py: no row {name!r} in economy, deployments or findings")
            out.append(f"| {option} | {_counted(rows[name])} |")
    return "\n".join(out)


def _counted(row: dict) -> str:
    words = row.get("description") or row.get("claim") or f"{row.get('operation')}: {row.get('measure_note')}"
    year = format_value(row["period_end"] if "period_end" in row else row["date"], "%Y")
    return f"{escape(words)} | {row['value']:,g} {row['unit']} | {year} | {_cite(row['sources'])}"


def _reason(text: str) -> str:
    """Return a verdict's reason without the word that all advice begins with."""
    said = text.removeprefix("Advice; ").removeprefix("Advice: ")
    return escape(said[0].upper() + said[1:])


def _cite(cell: object) -> str:
    ids = split_list(cell)
    return f"{{cite:p}}`{','.join(ids)}`" if ids else ""
