"""What the press does for screen readers, without a browser: French marked, markup mended, small data beside figures."""

from __future__ import annotations

import pytest

from malibook.press.site.a11y import mended, with_data
from malibook.press.site.language import is_french


@pytest.mark.parametrize(
    ("title", "french"),
    [
        ("Le coût de l'opération Serval au Mali", True),
        ("Deuxième bataille de Kidal", True),
        ("UN Mali mission mandate not renewed", False),
        ("Sono 77 le vittime dell'attacco suicida in Mali", False),
        ("2020 Malian coup d'etat", False),
    ],
)
def test_french_titles_are_told_from_others(title, french):
    assert is_french(title) is french


def test_markup_is_mended_once():
    page = '<p role="heading">Part</p><div class="highlight"><pre>code</pre></div>'
    better = mended(page)
    assert 'aria-level="2"' in better and '<pre tabindex="0">' in better
    assert mended(better) == better


def test_a_small_figure_is_followed_by_its_data_and_a_long_one_is_not(tmp_path):
    figure = '<figure id="fig-1"><span class="caption-number">Fig. 1 </span><a href="d.csv">Data</a></figure>'
    (tmp_path / "d.csv").write_text("month,deaths\n2020-01-01 00:00:00,1.50000001\n", encoding="utf-8")
    better = with_data(figure, tmp_path)
    assert '<th scope="row">2020-01-01</th><td class="text-right">1.5</td>' in better
    assert with_data(better, tmp_path) == better
    (tmp_path / "d.csv").write_text("a\n" + "1\n" * 41, encoding="utf-8")
    assert with_data(figure, tmp_path) == figure
