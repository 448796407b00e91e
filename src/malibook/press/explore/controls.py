"""The filters, hidden until the script that makes them work shows them, and the key to the marks, which always stands."""

from __future__ import annotations

from collections import Counter
from html import escape

from malibook.press.curly import curly
from malibook.press.explore.kinds import FAMILIES, kind_label, mark, short
from malibook.press.explore.model import ABROAD, Event, Named, grouped
from malibook.press.explore.words import phase_names


def filters(events: list[Event]) -> str:
    """Return the form: phase, place and actor with how many events each has, contested figures, and a word to look for."""
    contested = sum(e.contested for e in events)
    return (
        '<form class="xform" hidden aria-label="Choose events">'
        f"{_select('p', 'Phase', 'All phases', _phases(events))}"
        f"{_select('l', 'Place', 'All places', _places(events))}"
        f"{_select('a', 'Actor', 'All actors', _actors(events))}"
        '<label>Word <input type="search" name="q" placeholder="a name, a place"></label>'
        f'<label class="xtick"><input type="checkbox" name="c" value="1"> Contested figures only ({contested})</label>'
        '<button type="reset">Show all</button></form>'
    )


def key(events: list[Event]) -> str:
    """Return what the marks mean; the script puts a box to tick before each kind, and says how many events are shown."""
    counts = Counter(e.row["category"] for e in events)
    parts = []
    for family, kinds in FAMILIES.items():
        items = "".join(
            f'<li data-k="{kind}">{mark(kind)} {kind_label(kind)} ({counts[kind]})</li>'
            for kind in kinds
            if counts[kind]
        )
        parts.append(f"<div><b>{family}</b><ul>{items}</ul></div>")
    rim = f'<svg class="xm rim" viewBox="-12 -12 24 24" aria-hidden="true"><use href="#{short("battle")}"/></svg>'
    rimmed = f"<p>{rim} With a rim: figures are contested.</p>"
    return (
        '<p class="xhint" hidden>Tick kinds to see only these:</p>'
        f'<div class="xkey">{"".join(parts)}{rimmed}</div>'
        '<p class="xcount" role="status" hidden></p>'
    )


def card() -> str:
    """Return the card that the script fills with one event after another; it stands here so that nothing moves when it does."""
    return '<section class="xcard" aria-label="One event" hidden></section>'


def _select(name: str, label: str, everything: str, options: str) -> str:
    return f'<label>{label} <select name="{name}"><option value="">{everything}</option>{options}</select></label>'


def _option(value: str, text: str, count: int) -> str:
    return f'<option value="{escape(value)}">{escape(curly(text), quote=False)} ({count})</option>'


def _phases(events: list[Event]) -> str:
    counts = Counter(e.phase for e in events)
    return "".join(_option(name, text, counts[name]) for name, text in phase_names().items() if counts[name])


def _actors(events: list[Event]) -> str:
    choices = grouped([actor for e in events for actor in e.actors])
    return "".join(_group(group, [_option(a.id, a.name, n) for a, n in items]) for group, items in choices.items())


def _places(events: list[Event]) -> str:
    """Return regions with all that happened there first, then the places in them."""
    regions = Counter(e.region for e in events)
    choices = grouped([e.place or Named("", "", e.region) for e in events])
    out = []
    for region, items in choices.items():
        whole = "All of " + (region if region != ABROAD else "what happened outside Mali")
        inner = [_option(place.id, place.name, n) for place, n in items if place.id]
        out.append(_group(region, [_option(f"r/{region}", whole if inner else region, regions[region]), *inner]))
    return "".join(out)


def _group(label: str, options: list[str]) -> str:
    return f'<optgroup label="{escape(label)}">{"".join(options)}</optgroup>'
