"""Charts of verdicts: every number is written, no verdict rests on colour alone, the legend keeps clear of the source."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from malibook.analysis.verdict_rules import VERDICTS
from malibook.exhibits import charts_verdict_rules, charts_verdicts

LABELS = {"a000": "one", "a001": "two"}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture
def rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"s{n:03d}" for n in range(8)],
            "article": ["a000"] * 5 + ["a001"] * 3,
            "thread": ["a long subject that has to be wrapped somewhere", "war"] * 4,
            "verdict": list(VERDICTS) * 2,
        }
    )


def texts(fig) -> list[str]:
    return [text.get_text() for ax in fig.axes for text in ax.texts]


def test_bars_write_each_number_and_thin_pieces_outside():
    counts = pd.DataFrame([[90, 1, 1, 0]], columns=list(VERDICTS), index=["one"])
    fig = charts_verdicts.bars(counts, "Head", "sub")
    assert texts(fig) == ["90", "1", "1"], "a zero is not written"
    heights = [text.get_position()[1] for text in fig.axes[0].texts]
    assert heights[0] == 0 and heights[1] < 0 < heights[2], "thin pieces alternate above and below"
    assert len(set(charts_verdicts.PATTERNS.values())) == len(set(charts_verdicts.SIGNS.values())) == len(VERDICTS)


def test_tiles_and_matrix_hold_one_sign_a_claim(rows):
    signs = sorted(charts_verdicts.SIGNS[v] for v in rows["verdict"])
    assert sorted(texts(charts_verdicts.tiles(rows, LABELS, "Head", "sub", width=3))) == signs
    found = texts(charts_verdicts.matrix(rows, LABELS, "Head", "sub"))
    assert sorted(t for t in found if t in charts_verdicts.SIGNS.values()) == signs
    assert set(LABELS.values()) <= set(found)


def test_the_legend_leaves_the_chart_room():
    counts = pd.DataFrame([[3, 2, 1, 1]], columns=list(VERDICTS), index=["one"])
    fig = charts_verdicts.bars(counts, "Head", "sub", height=3)
    foot = fig.get_layout_engine().get()["rect"][1] * 3
    assert foot == pytest.approx(0.26 + 0.29)
    assert len(fig.legends[0].get_texts()) == len(VERDICTS)


def test_scores_show_each_rule_and_the_own_share():
    frame = pd.DataFrame(
        [(rule, a, share) for rule, share in (("own", 0.5), ("other", 0.75)) for a in LABELS],
        columns=["rule", "group", "share"],
    )
    fig = charts_verdict_rules.choices(frame, LABELS, "Head", "sub")
    assert texts(fig) == ["50%", "50%"]
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["own", "other"]


def test_room_is_drawn_on_a_ratio_scale():
    frame = pd.DataFrame({"label": ["a", "b"], "room": [0.5, 40.0], "verdict": ["contradicted", "contested"]})
    ax = charts_verdict_rules.room(frame, "Head", "sub").axes[0]
    assert ax.get_xscale() == "log"
    assert [t.get_text() for t in ax.get_yticklabels()] == ["b", "a"]
