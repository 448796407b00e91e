"""Texts laid out once: every layout equal to matplotlib's own, and matplotlib asked where anything could differ."""

from __future__ import annotations

import io
import itertools
import logging
import warnings

import matplotlib
import matplotlib.backends.backend_svg
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from malibook.press.warm.lettering import Layouts, remember_texts

TEXTS = [
    "plain",
    "two\nlines, the second longer",
    "àéî – “quoted”",
    " blanks ",
    "",
    "$x^2$",
    "a\tb",
    "字 not there",
    "12",
]
SETTINGS = [
    {},
    {"rotation": 33},
    {"rotation": 90, "rotation_mode": "anchor", "ha": "right", "va": "top"},
    {"ha": "center", "va": "center_baseline", "linespacing": 1.9, "multialignment": "right"},
    {"fontsize": 7.5, "fontweight": "bold", "style": "italic"},
    {"family": ["no such family", "DejaVu Sans Mono"]},
    {"wrap": True},
    {"transform_rotates_text": True, "rotation": 12},
    {"parse_math": False},
    {"fontproperties": "monospace:bold"},
]


@pytest.fixture()
def remembered(monkeypatch):
    """Have matplotlib remember for one test; return the memory and matplotlib's own function."""
    own = vars(Text)["_get_layout"]
    monkeypatch.setattr(Text, "_get_layout", own)
    remember_texts()
    return vars(Text)["_get_layout"], own


def plain(layout):
    box, lines, corner = layout
    return np.asarray(box.get_points()).tolist(), lines, corner


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("canvas", [FigureCanvasSVG, FigureCanvasAgg])
@pytest.mark.parametrize("dpi", [72, 150])
def test_a_layout_is_matplotlibs_the_first_time_and_the_second(remembered, canvas, dpi):
    memory, own = remembered
    fig = Figure(figsize=(4, 3), dpi=dpi)
    canvas(fig)
    renderer = fig._get_renderer()
    for text, how in itertools.product(TEXTS, SETTINGS):
        made = fig.text(0.5, 0.5, text, **how)
        made._renderer = renderer  # to wrap, matplotlib asks for the one that it was drawn by
        expected = plain(own(made, renderer))
        assert [plain(made._get_layout(renderer)) for _ in range(3)] == [expected] * 3, (text, how)
    assert memory.kept


@pytest.mark.parametrize(
    "change",
    [
        lambda t, r: t.set_text("other"),
        lambda t, r: t.set_fontsize(31),
        lambda t, r: t.get_fontproperties().set_weight("bold"),
        lambda t, r: t.set_rotation(45),
        lambda t, r: t.set_ha("right"),
        lambda t, r: t.set_va("top"),
        lambda t, r: t.set_linespacing(3),
        lambda t, r: t.get_figure().set_dpi(222),
        lambda t, r: matplotlib.rcParams["font.sans-serif"].insert(0, "DejaVu Sans Mono"),
        lambda t, r: matplotlib.rcParams.update({"text.hinting": "none"}),
        lambda t, r: setattr(r, "dpi", 300),
    ],
)
def test_whatever_changes_is_seen(remembered, change):
    own = remembered[1]
    with matplotlib.rc_context({"font.family": ["sans-serif"]}):
        fig = Figure()
        FigureCanvasAgg(fig)
        renderer, text = fig._get_renderer(), fig.text(0, 0, "some text\nin two lines")
        text._get_layout(renderer)
        change(text, renderer)
        assert plain(text._get_layout(renderer)) == plain(own(text, renderer))


def test_what_a_caller_does_to_a_layout_stays_with_the_caller(remembered):
    fig = Figure()
    FigureCanvasAgg(fig)
    text, renderer = fig.text(0, 0, "some text"), fig._get_renderer()
    box, lines, _ = text._get_layout(renderer)
    before = plain((box, list(lines), None))
    box.x0, box.y1 = -500, 999
    lines.clear()
    again = text._get_layout(renderer)
    assert plain((again[0], again[1], None)) == before


def test_a_whole_drawing_has_the_same_bytes(remembered, monkeypatch):
    def drawing() -> list[bytes]:
        fig = Figure(figsize=(5, 3), layout="constrained")
        axes = fig.subplots(1, 2, sharey=True)
        for ax, name in zip(axes, ("one", "two"), strict=True):
            ax.plot([1, 30, 2], label=f"line {name}")
            ax.set(title=name, xlabel="across", ylabel="up", xticks=[0, 1, 2], xticklabels=["a", "b", "c"])
            ax.annotate("here", (1, 30), xytext=(5, 5), textcoords="offset points", bbox={"boxstyle": "round"})
            ax.legend(title="which")
        out = []
        for kind in ("svg", "png"):
            buffer = io.BytesIO()
            fig.savefig(buffer, format=kind, bbox_inches="tight", metadata={"Date": None} if kind == "svg" else None)
            out.append(buffer.getvalue())
        return out

    memory, own = remembered
    with matplotlib.rc_context({"svg.hashsalt": "x"}):
        quick = drawing()
        assert len(memory.kept) > 10
        monkeypatch.setattr(Text, "_get_layout", own)
        assert quick == drawing()


def test_a_missing_letter_is_warned_of_each_time(remembered):
    fig = Figure()
    FigureCanvasAgg(fig)
    text = fig.text(0, 0, "字")
    for _ in range(2):
        renderer = FigureCanvasAgg(fig).get_renderer()
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            text._get_layout(renderer)
        assert any("missing from font" in str(w.message) for w in told)


def test_a_missing_family_is_logged_each_time(remembered, caplog):
    fig = Figure()
    FigureCanvasAgg(fig)
    text, renderer = fig.text(0, 0, "some text", family=["nowhere to be had", "DejaVu Sans"]), fig._get_renderer()
    for _ in range(2):
        caplog.clear()
        with caplog.at_level(logging.WARNING, "matplotlib.font_manager"):
            text._get_layout(renderer)
        assert "nowhere to be had" in caplog.text


def test_an_error_is_told_with_matplotlibs_own_lines(remembered):
    fig = Figure()
    FigureCanvasAgg(fig)
    text = fig.text(0, 0, "$\\nocommand$")
    with pytest.raises(ValueError) as caught:
        text._get_layout(fig._get_renderer())
    assert not any("lettering" in str(entry.path) for entry in caught.traceback[1:])


def test_the_memory_has_an_end(remembered, monkeypatch):
    monkeypatch.setattr("malibook.press.warm.lettering.MOST", 3)
    fig = Figure()
    FigureCanvasAgg(fig)
    renderer = fig._get_renderer()
    for number in range(10):
        fig.text(0, 0, f"n {number}")._get_layout(renderer)
    assert 0 < len(remembered[0].kept) <= 3


def test_it_is_put_in_place_once(remembered):
    remember_texts()
    assert vars(Text)["_get_layout"] is remembered[0]
    assert isinstance(remembered[0], Layouts) and not isinstance(remembered[0].slow, Layouts)
