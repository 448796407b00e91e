"""The kinds of event in three families: a family has its colour, a kind within it its shape, and both have a name."""

from __future__ import annotations

from malibook.errors import BookError

# A path round the origin, about 18 units wide, for each kind; equal areas to the eye rather than equal widths.
FAMILIES: dict[str, dict[str, str]] = {
    "Fighting": {
        "battle": "M8 0A8 8 0 1 1-8 0 8 8 0 1 1 8 0Z",
        "attack-on-civilians": "M0-10 10 8H-10Z",
        "air-strike": "M0 10-10-8H10Z",
        "blockade": "M-3-9H3V-3H9V3H3V9H-3V3H-9V-3H-3Z",
    },
    "Forces": {
        "deployment": "M-9-9H-1L9 0-1 9H-9L0 0Z",
        "withdrawal": "M9-9H1L-9 0 1 9H9L0 0Z",
        "handover": "M0-10 10 0 0 10-10 0Z",
    },
    "Politics": {
        "political": "M-7.5-7.5H7.5V7.5H-7.5Z",
        "agreement": "M-10 5A10 10 0 0 1 10 5Z",
        "coup": "M0-11 3-4 10-3 5 2 7 9 0 5-7 9-5 2-10-3-3-4Z",
        "sanctions": "M-9-5-5-9 0-4 5-9 9-5 4 0 9 5 5 9 0 4-5 9-9 5-4 0Z",
    },
}
SHAPES = {kind: path for kinds in FAMILIES.values() for kind, path in kinds.items()}
FAMILY = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}


def check_kinds(found: set[str]) -> None:
    """Raise `BookError` where an event is of a kind that has no shape."""
    if unknown := sorted(found - set(SHAPES)):
        remedy = "give it a family and a shape in press/explore/kinds.py"
        raise BookError(
            f"has kinds without a mark: {', '.join(unknown)}", where="table events, category", remedy=remedy
        )


def kind_label(kind: str) -> str:
    """Return a kind as it is printed."""
    return kind.replace("-", " ").capitalize()


def symbols() -> str:
    """Return the shapes as SVG definitions, to be used by their ids from the map, the timeline, the table and the key."""
    return "".join(f'<path id="{short(kind)}" d="{path}"/>' for kind, path in SHAPES.items())


def short(kind: str) -> str:
    """Return the id of a kind's shape, short because it is used some six hundred times."""
    return f"k{list(SHAPES).index(kind)}"


def mark(kind: str) -> str:
    """Return one mark as a small picture beside a word that says the same."""
    return f'<svg class="xm {FAMILY[kind].lower()}" viewBox="-12 -12 24 24" aria-hidden="true"><use href="#{short(kind)}"/></svg>'
