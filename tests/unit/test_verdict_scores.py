"""Scores on a handful of claims whose answers can be counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.analysis import verdict_scores as scores
from malibook.analysis.verdict_rules import CONTESTED, CONTRADICTED, SUPPORTED, UNTESTABLE, VERDICTS, Bench


@pytest.fixture
def rows() -> pd.DataFrame:
    columns = ["id", "article", "kind", "verdict", "by", "test", "premise", "confidence", "thread"]
    return pd.DataFrame(
        [
            ("s001", "a000", "fact", SUPPORTED, "data", "worse-after-2015", None, "high", "war"),
            ("s002", "a000", "causal", CONTESTED, "data", "costs-rose", "holds", "low", "war"),
            ("s003", "a001", "causal", UNTESTABLE, "judgement", None, "fails", "high", "war"),
            ("s004", "a001", "fact", CONTRADICTED, "document", None, None, "medium", None),
            ("s005", "a001", "fact", SUPPORTED, "document", None, None, "medium", "peace"),
        ],
        columns=columns,
    )


def test_tally_has_every_verdict_in_order(rows):
    found = scores.tally(rows, "article")
    assert list(found.columns) == list(VERDICTS)
    assert found.loc["a001"].tolist() == [1, 0, 1, 1]


def test_share_right_under_the_rules(rows):
    assert scores.share_right(rows) == pytest.approx(2.5 / 4)
    assert scores.share_right(rows, contested=0) == pytest.approx(0.5)
    assert scores.share_right(rows, contested=1) == pytest.approx(0.75)
    assert scores.share_right(rows, untestable=0) == pytest.approx(0.5)
    nothing = scores.share_right(rows[rows["verdict"] == UNTESTABLE])
    assert pd.isna(nothing) and scores.told(nothing) == "none that can be tested"
    assert scores.told(0.625) == "62%"


def test_causes_on_their_premise(rows):
    found = scores.on_premises(rows).set_index("id")["verdict"]
    assert found.tolist() == [SUPPORTED, SUPPORTED, CONTRADICTED, CONTRADICTED, SUPPORTED]


def test_scores_by_rule_and_article(rows):
    found = scores.scores(rows)
    own = found[found["rule"] == found["rule"].iloc[0]].set_index("group")
    assert own["share"].tolist() == [0.75, 0.5] and own["claims"].tolist() == [2, 2]
    strict = found[found["rule"] == "without low confidence"].set_index("group")
    assert strict.loc["a000", ["share", "claims"]].tolist() == [1, 1]
    assert found["rule"].nunique() == 9


def test_only_shared_subjects_are_threads(rows):
    found = scores.threads(rows)
    assert found["id"].tolist() == ["s001", "s002", "s003"]
    assert found["share"].iloc[0] == 0.75 and found["articles"].iloc[0] == 2


def test_other_margins_lists_what_changes(rows):
    deaths = [100, 100, 110, 110]
    frame = pd.DataFrame(
        [("MLI", 2015 + n, t, d / 2) for n in range(8) for t, d in (("state-based", deaths[min(n // 2, 3)]), ("non-state", 0), ("one-sided", 0))],
        columns=["iso3", "year", "type", "deaths_best"],
    )  # fmt: skip
    changed = scores.other_margins(rows.head(1), Bench({"violence_year": frame}), (0.05, 0.5))
    assert changed[["margin", "id", "becomes"]].values.tolist() == [[0.5, "s001", CONTESTED]]
    missing = scores.other_margins(rows.head(1), Bench({"violence_year": frame.head(3)}), (0.05,))
    assert missing["becomes"].tolist() == [UNTESTABLE]


def test_claims_about_the_text_enter_no_score(rows):
    also = pd.concat([rows, rows.tail(1).assign(id="s094")])
    assert scores.counted(also)["id"].tolist() == rows["id"].tolist()


def test_intervals_are_wilsons(rows):
    found = scores.intervals(rows, "article").set_index("article")
    assert found["claims"].tolist() == [2, 2] and found["supported"].tolist() == [1, 1]
    # (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n) with p = 1/2, n = 2, z = 1.96
    assert found.loc["a000", ["low", "high"]].tolist() == pytest.approx([0.0945, 0.9055], abs=1e-4)
    alone = pd.concat([rows.tail(1)] * 10)
    top = scores.intervals(alone, "article").iloc[0]
    assert top["share"] == 1 and top["high"] == pytest.approx(1) and top["low"] == pytest.approx(0.7225, abs=1e-4)
