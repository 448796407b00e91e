"""`docs/parameters.md`, made from the schema, the chapters' parameters cells and what each chapter can serve.

`python -m malibook.press.parameter_docs > docs/parameters.md` renews it; a test holds it equal.
"""

from __future__ import annotations

from typing import get_args

from malibook.evidence import Parameters, allowed
from malibook.evidence.room import TOLD
from malibook.evidence.served import SERVED, Only
from malibook.press.declared import defaults_of
from malibook.press.notebooks import chapters, elsewhere

HEAD = """# Parameters

What a rerun may change. Made from the code by `python -m malibook.press.parameter_docs > docs/parameters.md`; do not edit.

```
malibook run 04 --region_scheme without-segou
papermill notebooks/04-withdrawal-aftermath.ipynb out.ipynb -p region_scheme without-segou
papermill --help-notebook notebooks/04-withdrawal-aftermath.ipynb
```

The first refuses a bad value before a kernel starts, the second in the notebook's second code cell, with the same words.
`malibook build --edition NAME` builds the whole book under other parameters: see [editions](editions.md).
"""


def parameters_page() -> str:
    """Return the page: the schema, and by chapter its own defaults and what it can serve."""
    parts = [HEAD, "## The schema\n", _schema(), "\n## By chapter\n"]
    for chapter in described():
        parts.append(f"### {chapter}\n\n{_chapter(chapter)}\n")
    return "\n".join(parts).rstrip() + "\n"


def described() -> list[str]:
    """Return the chapters that the page describes: this book's own, then those of editions for other countries."""
    return [*chapters(), *elsewhere()]


def short(chapter: str) -> str:
    """Return the number of a chapter, or its name where it has none."""
    return chapter[:2] if chapter[:2].isdigit() else chapter


def _schema() -> str:
    rows = ["| Parameter | Type | Default | Allowed | What it is | Chapters |", "|:---|:---|:---|:---|:---|:---|"]
    for name, field in Parameters.model_fields.items():
        users = [short(chapter) for chapter in described() if name in defaults_of(chapter)]
        kind = "text" if get_args(field.annotation) or field.annotation is str else field.annotation.__name__
        default = str(field.get_default(call_default_factory=True))
        told = (f"`{name}`", kind, default, allowed(name), field.description, ", ".join(users) or "–")
        rows.append(f"| {' | '.join(told)} |")
    return "\n".join(rows)


def _chapter(chapter: str) -> str:
    rows = ["| Parameter | As published | Allowed here |", "|:---|:---|:---|"]
    for name, default in defaults_of(chapter).items():
        why = SERVED.get(chapter, {}).get(name, Only()).why
        rows.append(f"| `{name}` | {default} | {allowed(name, chapter)}{f' ({why})' if why else ''} |")
    together = f"\n\nTogether they must leave room: {TOLD[chapter]}." if chapter in TOLD else ""
    return "\n".join(rows) + together


if __name__ == "__main__":
    print(parameters_page(), end="")
