"""The colours of the house, from Paul Tol's colour-blind-safe schemes (SRON technical note 18-02, issue 3.2)."""

from __future__ import annotations

from malibook.errors import BookError

INK, QUIET, FAINT, PAPER = "#222222", "#5F5F5F", "#D9D6CE", "#FFFFFF"
TYPE_COLOURS = {"state-based": "#004488", "non-state": "#DDAA33", "one-sided": "#BB5566"}
COUNTRY_COLOURS = {"MLI": "#004488", "BFA": "#997700", "NER": "#994455", "CAF": "#44AA99", "LBY": "#888888"}
ACTOR_COLOURS = {
    "fama": "#117733",
    "france": "#332288",
    "un": "#3A8FB7",
    "europe": "#6699CC",
    "russia": "#882255",
    "separatists": "#999933",
    "jnim": "#CC6677",
    "is-sahel": "#AA4499",
    "militias": "#DDAA33",
    "civilians": "#BB5566",
    "other": "#888888",
}
EXTENT = (-12.6, 4.6, 9.8, 25.3)  # the window of the book's maps: west, east, south, north, in degrees


def colour(name: str) -> str:
    """Return the colour of an actor, a type of violence or a country; raise `BookError` for an unknown name."""
    for palette in (ACTOR_COLOURS, TYPE_COLOURS, COUNTRY_COLOURS):
        if name in palette:
            return palette[name]
    known = ", ".join([*ACTOR_COLOURS, *TYPE_COLOURS, *COUNTRY_COLOURS])
    raise BookError(f"the palette has no colour for {name!r}", where="house.palette", remedy=f"known: {known}")
