"""What a kernel shows made into a cell's output, without a check of the form where the form is plain to see.

nbformat holds every output against its schema by a general validator: a third of what the client of a kernel does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import nbclient.client
from nbformat import NotebookNode
from nbformat.v4 import output_from_msg as checked

FIELDS = {
    "stream": ("name", "text"),
    "display_data": ("metadata", "data"),
    "execute_result": ("metadata", "data", "execution_count"),
}
_JSON = re.compile(r"^application/(.*\+)?json$")  # the kinds of data that may be anything, by nbformat's schema


def output_from_msg(message: dict[str, Any]) -> NotebookNode:
    """Return a kernel's message as an output, equal to nbformat's; raises what nbformat raises."""
    kind, content = message["header"]["msg_type"], message["content"]
    if not _is_plain(kind, content):
        return checked(message)
    output = NotebookNode(output_type=kind)
    output.update({name: content[name] for name in FIELDS[kind]})
    return output


def hasten() -> None:
    """Have nbclient take outputs this way."""
    nbclient.client.output_from_msg = output_from_msg


def _is_plain(kind: str, content: Mapping[str, Any]) -> bool:
    """Return whether content is of a form that the schema allows, so far as one look tells; False where it takes a second."""
    if kind == "stream":
        return all(isinstance(content.get(name), str) for name in FIELDS[kind])
    if kind not in FIELDS or not all(isinstance(content.get(part), dict) for part in ("data", "metadata")):
        return False
    if kind == "execute_result" and not (
        type(content.get("execution_count")) is int and content["execution_count"] >= 0
    ):
        return False
    return all(isinstance(value, str) or _JSON.match(name) for name, value in content["data"].items())
