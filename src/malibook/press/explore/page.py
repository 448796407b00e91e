"""The whole body of the page, as MyST that holds HTML."""

from __future__ import annotations

from malibook.press.explore.controls import card, filters, key
from malibook.press.explore.drawings import chart, timeline
from malibook.press.explore.kinds import symbols
from malibook.press.explore.model import disputes, events
from malibook.press.explore.rows import dispute, table
from malibook.press.explore.words import known


def explore() -> str:
    """Return the page's body as a MyST block of raw HTML."""
    return f"````{{raw}} html\n{body()}\n````\n"


def body() -> str:
    """Return the page's body as HTML: key and filters, map, timeline, table, and totals that belong to no one event."""
    found = events()
    totals = "".join(map(dispute, (d for d in disputes() if not known(d.row["event"]))))
    return "\n".join(
        [
            '<div class="explore">',
            f'<svg class="xdefs" width="0" height="0" aria-hidden="true"><defs>{symbols()}</defs></svg>',
            '<h2 id="map-and-timeline">Map and timeline</h2>',
            filters(found),
            key(found),
            '<div class="xstage"><figure class="xfigure">',
            chart(found),
            "<figcaption>Where: one mark an event, beside its place where marks would cover each other. "
            "Boundaries: Natural Earth, with the regions from before 2016; they imply no judgement on the status of any "
            f"territory.</figcaption></figure>{card()}</div>",
            '<figure class="xfigure">',
            timeline(found),
            "<figcaption>When: the same marks by their first day; bands are the phases of this book. A mark leads to its row in "
            "the table below, which says the same in words.</figcaption></figure>",
            f'<h2 id="all-events">All {len(found)} events</h2>',
            "<p>A title opens to what happened, to who claims what where figures are contested, and to the sources.</p>",
            table(found),
            '<h2 id="totals">Contested totals that belong to no single event</h2>',
            f'<div class="xtotals">{totals}</div>',
            "</div>",
        ]
    )
