"""Outputs taken without the general validator: equal to nbformat's, and refused where nbformat refuses."""

from __future__ import annotations

import nbclient.client
import pytest
from nbformat import NotebookNode
from nbformat.v4 import output_from_msg as checked

from malibook.press.warm import outputs


def message(kind: str, **content) -> dict:
    return {"header": {"msg_type": kind}, "content": content}


GOOD = [
    message("stream", name="stdout", text="a\nb\n"),
    message("stream", name="stderr", text=""),
    message("display_data", data={"text/plain": "x", "image/svg+xml": "<svg/>"}, metadata={}, transient={}),
    message("display_data", data={"application/vnd.x+json": {"a": [1, {"b": None}]}}, metadata={"k": {"l": 1}}),
    message("display_data", data={"application/json": [1, 2]}, metadata={}),
    message("display_data", data={"text/html": ["a", "b"]}, metadata={}),
    message("display_data", data={}, metadata={}),
    message("execute_result", data={"text/plain": "1"}, metadata={}, execution_count=3),
    message("execute_result", data={"text/plain": "1"}, metadata={}, execution_count=None),
    message("error", ename="E", evalue="v", traceback=["a", "b"]),
]
BAD = [
    message("display_data", data={"text/plain": 3}, metadata={}),
    message("display_data", data={"text/plain": {"a": 1}}, metadata={}),
    message("display_data", data="text", metadata={}),
    message("display_data", data={}, metadata=[]),
    message("execute_result", data={}, metadata={}, execution_count=-1),
    message("execute_result", data={}, metadata={}, execution_count="1"),
    message("stream", name="stdout", text=3),
    message("stream", name="stdout"),
    message("status", execution_state="idle"),
]


@pytest.mark.parametrize("told", GOOD)
def test_outputs_are_nbformats(told):
    made, expected = outputs.output_from_msg(told), checked(told)
    assert made == expected and list(made) == list(expected)
    assert type(made) is NotebookNode
    assert [type(value) for value in made.values()] == [type(value) for value in expected.values()]


@pytest.mark.parametrize("told", BAD)
def test_what_nbformat_refuses_is_refused_with_its_error(told):
    with pytest.raises(Exception) as expected:
        checked(told)
    with pytest.raises(type(expected.value)) as refused:
        outputs.output_from_msg(told)
    assert str(refused.value) == str(expected.value)


def test_nbclient_takes_outputs_this_way(monkeypatch):
    monkeypatch.setattr(nbclient.client, "output_from_msg", checked)
    outputs.hasten()
    assert nbclient.client.output_from_msg is outputs.output_from_msg
