"""Parameters: what is allowed passes, what is not is refused by name, value and remedy."""

from __future__ import annotations

import pytest

from malibook.errors import BookError
from malibook.evidence import Parameters


def test_values_are_typed_and_frozen():
    p = Parameters(country="BFA", start="2015-01-01", end="2020-12-31", window_months="6")
    assert (p.country, p.start.year, p.window_months) == ("BFA", 2015, 6)
    with pytest.raises(ValueError):
        p.country = "MLI"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"countri": "MLI"}, "did you mean 'country'"),
        ({"country": "NO"}, "BFA, CAF, LBY, MLI, NER"),
        ({"country": False}, "given: False"),
        ({"country": "MIL"}, "did you mean 'MLI'"),
        ({"country": "bfa"}, "did you mean 'BFA'"),
        ({"estimate": "hihg"}, "did you mean 'high'"),
        ({"counting_rule": "witnes"}, "did you mean 'witness'"),
        ({"estimate": "middle"}, "'low', 'best' or 'high'"),
        ({"start": "2012-13-01"}, "start"),
        ({"start": "1988-01-01"}, "greater than or equal to 1989-01-01"),
        ({"start": "2020-01-01", "end": "2019-01-01"}, "must come before end"),
        ({"start": "2020-01-01", "end": "2020-01-01"}, "must come before end"),
        ({"window_months": 2}, "greater than or equal to 3"),
        ({"window_months": "a year"}, "window_months"),
    ],
)
def test_a_wrong_value_is_refused_in_plain_words(given, says):
    with pytest.raises(BookError) as caught:
        Parameters(**given)
    assert says in str(caught.value)
    assert "remedy" in str(caught.value)
