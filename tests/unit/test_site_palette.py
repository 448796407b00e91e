"""The dark palette and light drawings: contrast held, nothing moved that a reader could see."""

from __future__ import annotations

import itertools
import re

import matplotlib.pyplot as plt
import pytest

from malibook.exhibits import style
from malibook.exhibits.figure import to_svg
from malibook.house.colours import contrast, readable
from malibook.house.svgpath import decimal, shorten
from malibook.press.site.figures import in_dark, size, with_pictures
from malibook.press.site.palette import PAPER, dark, dark_text

COLOURS = sorted({*style.ACTOR_COLOURS.values(), *style.TYPE_COLOURS.values(), *style.COUNTRY_COLOURS.values()})


@pytest.mark.parametrize("colour", COLOURS)
def test_marks_stand_out_from_the_dark_ground_and_text_reads(colour):
    assert contrast(dark(colour.lower()), PAPER) >= 3
    assert contrast(dark_text(colour.lower()), PAPER) >= 4.5
    assert contrast(readable(colour.lower()), "#ffffff") >= 4.5
    assert contrast(readable(colour.lower()), "#f1efe8") >= 4.5


@pytest.mark.parametrize("colour", [style.INK, style.QUIET])
def test_ink_reads_in_the_dark(colour):
    assert contrast(dark(colour.lower()), PAPER) >= 4.5


def test_paper_becomes_the_ground_and_colours_stay_apart():
    assert dark(style.PAPER.lower()) == PAPER
    apart = [(a, b) for a, b in itertools.combinations(COLOURS, 2) if dark(a.lower()) == dark(b.lower())]
    assert apart == []


def test_what_was_darker_is_lighter():
    greys = [dark(f"#{n:02x}{n:02x}{n:02x}") for n in range(0x20, 0xFF, 0x10)]
    steps = [contrast(grey, PAPER) for grey in greys]
    assert steps == sorted(steps, reverse=True)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_path_is_told_in_steps_that_do_not_add_up():
    assert shorten("M 0 0 \nL 1.26 0 \nL 1.26 2.04 \nz") == "m0 0l1.3 0 0 2z"
    far = shorten("M 0 0 " + " ".join(f"L {n * 0.04:.3f} 0" for n in range(1, 501)))
    steps = [float(x) for x in re.findall(r"(-?[\d.]+) 0", far[1:].replace("l", " "))]
    assert sum(steps) == pytest.approx(20.0)


def test_curves_keep_a_hundredth_and_a_foreign_command_is_refused():
    assert shorten("M 0 0 Q 0.126 1 2 2") == "m0 0q.13 1 2 2"
    with pytest.raises(ValueError, match="'A'"):
        shorten("M 0 0 A 1 1 0 0 0 2 2")


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(0, 1, "0"), (-5, 1, "-.5"), (120, 1, "12"), (-1003, 2, "-10.03")]
)
def test_a_number_takes_the_fewest_letters(value, digits, text):
    assert decimal(value, digits) == text


def _svg() -> str:
    fig, ax = style.canvas("A headline", "what is plotted")
    ax.plot([1, 2, 3], [1, 4, 2], color=style.colour("non-state"))
    ax.text(1, 1, "yellow words", color=style.colour("non-state"))
    svg = to_svg(fig)
    plt.close(fig)
    return svg


def test_a_drawing_is_light_named_in_order_and_the_same_each_time():
    svg = _svg()
    assert svg == _svg()
    for word in ("<metadata", "<!--", "style=", "<style", "DOCTYPE"):
        assert word not in svg
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', svg))
    assert used and used == set(re.findall(r' id="([^"]+)"', svg))


def test_words_in_a_weak_colour_are_darkened_and_the_line_is_not():
    svg = _svg()
    assert 'stroke="#ddaa33"' in svg
    assert 'fill="#ddaa33"' not in svg
    assert readable("#ddaa33") in svg


def test_in_the_dark_no_word_is_lost():
    svg = in_dark(_svg())
    assert "#ffffff" not in svg and "#222222" not in svg
    for colour in re.findall(r'<g fill="(#\w{6})" transform="[^"]*scale', svg):
        assert contrast(colour, PAPER) >= 4.5, colour


def test_a_page_shows_both_palettes_with_one_image(tmp_path):
    (tmp_path / "a.svg").write_text('<svg width="453.6pt" height="300pt" viewBox="0 0 1 1"></svg>')
    (tmp_path / "a.dark.svg").write_text("<svg></svg>")
    assert size(tmp_path / "a.svg") == (605, 400)
    page = with_pictures('<img alt="Bars &quot;a&quot;" src="a.svg" /><img alt="b" src="b.svg" />', tmp_path, {})
    assert page.count("<img") == 2 and page.count("<picture>") == 1
    assert 'width="605" height="400" loading="lazy" decoding="async"' in page
    assert 'alt="Bars &quot;a&quot;"' in page
    assert '<source srcset="a.dark.svg" media="screen and (prefers-color-scheme: dark)">' in page
