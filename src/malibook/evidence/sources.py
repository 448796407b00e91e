"""The documents behind the tables: their ids, and a bibliography made of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from malibook.evidence.package import describe, root

_TYPES = {
    "academic": "article",
    "think-tank": "techreport",
    "ngo-report": "techreport",
    "un-report": "techreport",
    "un-resolution": "techreport",
    "dataset": "misc",
}
LABELS = {"compiled-notes": "Compiled notes"}  # a repository's name would say less than what it holds
_SPECIAL = str.maketrans({"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "~": " ", "$": r"\$"})


def source_ids() -> frozenset[str]:
    """Return the id of every document in `sources`; not traced, since an id is a name and no evidence."""
    path = root() / "data" / describe("sources").path
    return _ids(path, path.stat().st_mtime_ns)


@cache
def _ids(path: Path, stamp: int) -> frozenset[str]:
    return frozenset(pd.read_csv(path, usecols=["id"], dtype=str)["id"])


def bibliography(sources: pd.DataFrame) -> str:
    """Return the documents as BibTeX, one entry each, in order of their ids.

    A document without an author is entered under its publisher; one without a date says "n.d.".
    """
    return "\n".join(_entry(row) for row in sources.fillna("").sort_values("id").to_dict("records"))


def _entry(row: dict[str, str]) -> str:
    kind = _TYPES.get(row["kind"], "misc")
    author = row["author"] or LABELS.get(row["kind"], "") or row["publisher"] or "Anonymous"
    if row["kind"] == "seed-article" and not row["author"]:
        author = f"Source article a{row['id'][-3:]}"
    fields = {
        "author": "{" + author.translate(_SPECIAL) + "}",
        "title": "{" + row["title"].translate(_SPECIAL) + "}",
        "year": row["date"][:4] or "n.d.",
    }
    publisher = row["publisher"].translate(_SPECIAL)
    if publisher and publisher != author.translate(_SPECIAL):
        fields[{"article": "journal", "techreport": "institution"}.get(kind, "howpublished")] = publisher
    elif kind != "misc":
        kind = "misc"
    if row["url"]:
        fields["url"] = row["url"].replace("{", "%7B").replace("}", "%7D")
    remarks = [row["date"]] if len(row["date"]) > 4 else []
    if row["text_read"] == "no":
        remarks.append("cited at second hand, text not read")
    if remarks:
        fields["note"] = "; ".join(remarks)
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@{kind}{{{row['id']},\n{body}\n}}\n"
