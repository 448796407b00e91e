"""Receipts: what two runs have in common, exhibit by exhibit."""

from __future__ import annotations

import copy
import json

import pytest

from malibook.errors import BookError
from malibook.press.ledger import Ledger
from malibook.press.provenance import Provenance
from malibook.press.receipt import compare, read_receipt, receipt, receipt_text
from malibook.press.verify import report_lines

ORIGIN = Provenance("abc", 0, "1.0", "d" * 12, "e" * 12)
NUMBER = {
    "kind": "number",
    "key": "peak",
    "text": "47",
    "value": 47,
    "unit": "deaths",
    "how": "",
    "rows": [],
    "sources": [],
}
FIGURE = {
    "kind": "figure",
    "key": "fig-1",
    "caption": "c",
    "alt": "a",
    "svg": "<svg/>",
    "csv": "a\n1\n",
    "note": "",
    "sources": [],
}


def made(*exhibits: dict, chapter: str = "01-a") -> dict:
    return receipt([Ledger(chapter, {"estimate": "best"}, list(exhibits))], ORIGIN)


def states(before: dict, now: dict) -> dict[str, str]:
    return {row["key"]: row["state"] for row in compare(before, now)}


def test_equal_runs_are_identical():
    assert states(made(NUMBER, FIGURE), made(FIGURE, NUMBER)) == {"peak": "identical", "fig-1": "identical"}


def test_a_changed_number_is_told_with_both_texts():
    (row,) = compare(made(NUMBER), made(NUMBER | {"text": "48", "value": 48}))
    assert (row["state"], row["detail"]) == ("different", "47 → 48")


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ([2.051170336694083, 13.816837044315188], "identical"),  # as Python 3.12 has it, whose numpy is a newer one
        ([2.051170346694083, 13.816837044315188], "different"),
        ([2.051170336694083], "different"),
    ],
)
def test_the_last_digits_of_an_estimate_do_not_count(value, state):
    before = NUMBER | {"value": [2.0511703366940766, 13.81683704431515]}
    assert states(made(before), made(NUMBER | {"value": value})) == {"peak": state}


@pytest.mark.parametrize("part", ["svg", "csv", "caption", "alt", "note"])
def test_a_changed_figure_is_told_with_what_differs(part):
    (row,) = compare(made(FIGURE), made(FIGURE | {part: "other"}))
    assert (row["state"], row["detail"]) == ("different", f"differs in {part}")


def test_a_run_with_other_parameters_is_told_though_each_exhibit_is_the_same():
    other = copy.deepcopy(made(NUMBER))
    other["chapters"]["01-a"]["parameters"] = {"estimate": "high", "end": "2024-12-31"}
    one, same = compare(made(NUMBER), other)
    assert (one["kind"], one["key"], one["state"]) == ("run", "parameters", "different")
    assert one["detail"] == "end None → 2024-12-31, estimate best → high"
    assert same["state"] == "identical"


def test_a_part_that_is_in_one_receipt_alone_is_named():
    other = copy.deepcopy(made(FIGURE))
    del other["chapters"]["01-a"]["exhibits"]["figure:fig-1"]["parts"]["alt"]
    other["chapters"]["01-a"]["exhibits"]["figure:fig-1"]["parts"]["planted"] = "0"
    (row,) = compare(made(FIGURE), other)
    assert row["detail"] == "differs in alt, planted"


def test_what_came_and_what_went():
    assert states(made(NUMBER), made(FIGURE)) == {"peak": "missing", "fig-1": "new"}
    assert {r["state"] for r in compare(made(NUMBER), made(NUMBER, chapter="02-b"))} == {"missing", "new"}


def test_the_report_counts_and_names():
    rows = compare(made(NUMBER, FIGURE), made(NUMBER | {"text": "48"}, FIGURE))
    lines = report_lines({"rows": rows, "origin": {"python": ("3.11.1", "3.12.0")}})
    assert lines[0] == "01-a: 1 identical, 1 different"
    assert lines[1] == "  01-a number peak is different: 47 → 48"
    assert lines[-1] == "made from another python: 3.11.1 then, 3.12.0 now"


def test_a_receipt_survives_the_disk(tmp_path):
    path = tmp_path / "receipt.json"
    path.write_text(receipt_text(made(NUMBER)), encoding="utf-8")
    assert read_receipt(path) == made(NUMBER)


NO_PARTS = '{"chapters": {"a": {"parameters": {}, "exhibits": {"figure:fig-1": %s}}}, "made_from": {}}'


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"chapters": {}}', '{"chapters": {"a": {}}, "made_from": {}}', '{"chapters": {}, "made_from": "x"}',
        *(NO_PARTS % exhibit for exhibit in ("{}", "[]", '"x"', '{"parts": "x"}')),
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_refused(tmp_path, text):
    path = tmp_path / "receipt.json"
    path.write_text(text)
    with pytest.raises(BookError, match="is not a receipt"):
        read_receipt(path)


def test_a_missing_receipt_is_refused(tmp_path):
    with pytest.raises(BookError, match="cannot be read"):
        read_receipt(tmp_path / "none.json")


def test_comparing_changes_neither():
    before, now = made(NUMBER), made(FIGURE)
    kept = copy.deepcopy((before, now))
    compare(before, now)
    assert json.dumps(kept) == json.dumps((before, now))
