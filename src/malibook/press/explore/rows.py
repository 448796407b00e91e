"""The table: one row an event, which opens to what happened, who claims what, and the documents behind both."""

from __future__ import annotations

from html import escape as _escape

from malibook.evidence import split_list
from malibook.house.wording import format_value
from malibook.press.curly import curly
from malibook.press.explore.kinds import kind_label
from malibook.press.explore.model import Claim, Dispute, Event
from malibook.press.explore.words import FORMATS, date_words, known, phase_names
from malibook.press.lookup import range_cell

HEADS = ("Date", "What happened", "Kind", "Place", "Actors")
FOR_ANALYSTS = "Filter on unit: "  # how a note begins that tells a user of the table what to do
ROUGH = 30  # km: from here on the reader is told how well the place is known


def escape(text: str) -> str:
    """Return a text as HTML, with the curly apostrophes and quotation marks of the rest of the book."""
    return _escape(curly(text), quote=False)


def table(events: list[Event]) -> str:
    """Return the table of all events, in groups by phase."""
    homes = {event.row["id"]: event for event in events}
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    groups = []
    for phase, name in phase_names().items():
        found = "".join(row(event, homes) for event in events if event.phase == phase)
        if found:
            title = f'<tr><th colspan="{len(HEADS)}" scope="rowgroup">{name}</th></tr>'
            groups.append(f'<tbody data-p="{phase}">{title}{found}\n</tbody>')
    head = f"<thead><tr>{heads}</tr></thead>"
    return (
        f'<div class="xrows"><table class="xtable" aria-labelledby="all-events">{head}\n{"".join(groups)}</table></div>'
    )


def row(event: Event, homes: dict[str, Event]) -> str:
    """Return one event; `homes` are all events by id. Filters compare its words, so that it needs no attributes."""
    data = "" if event.place else f' data-r="{event.region}"'  # no word says whether "Gao" is the town or the region
    return (
        f'\n<tr id="{event.anchor}"{data}><th scope="row">{date_words(event.row)}</th><td>{opening(event, homes)}</td>'
        f"<td>{kind_label(event.row['category'])}</td><td>{place_words(event)}</td><td>{actor_words(event)}</td></tr>"
    )


def opening(event: Event, homes: dict[str, Event]) -> str:
    """Return the event's title, which opens to all that is known of it."""
    r = event.row
    weak = " <i>(one weak source)</i>" if r["confidence"] == "low" else ""
    figures = [dispute(one) for one in event.disputes] or [deaths(r)]
    parts = [f'<p id="{event.target}">{escape(r["description"])}</p>', *figures, rough(r)]
    parts += [see(one, homes[one.row["event"]]) for one in event.elsewhere]
    parts.append(f"<p>Sources: {links(event.documents)}</p>")
    return f"<details><summary>{escape(r['title'])}{weak}</summary>{''.join(parts)}</details>"


def deaths(r: dict) -> str:
    """Return the reported deaths with what is counted and who says so, or nothing where no figure is known."""
    figure = range_cell(r["deaths_low"], r["deaths_best"], r["deaths_high"])
    if figure == "–":
        return ""
    scope, by = known(r["deaths_scope"]), known(r["deaths_claimed_by"])
    text = f"Deaths as reported: <b>{figure}</b>" + (f" ({escape(scope)})" if scope else "")
    return f"<p>{text}{f'; according to {escape(by)}' if by else ''}.</p>"


def rough(r: dict) -> str:
    """Return how well the place is known, where that is not well."""
    distance = r["geo_precision_km"]
    return f"<p>Place known to within about {distance:.0f} km.</p>" if distance >= ROUGH else ""


def dispute(one: Dispute) -> str:
    """Return the claims of one dispute side by side, each with its claimant."""
    claims = "".join(map(claim, one.claims))
    words = known(one.row["note"]).removeprefix(FOR_ANALYSTS)
    note = f"<p>{escape(words[0].upper() + words[1:])}.</p>" if words else ""
    return f'<p><b>Contested:</b> {escape(one.row["question"])}</p><ul class="xclaims">{claims}</ul>{note}'


def see(one: Dispute, home: Event) -> str:
    """Return a dispute in a word, with a link to the event where its claims stand."""
    link = f'<a href="#{home.target}">{escape(home.row["title"])}</a>'
    return f"<p><b>Contested:</b> {escape(one.row['question'])} The claims are under {link}.</p>"


def claim(one: Claim) -> str:
    """Return one claim: the figure and what it counts, or the words where there is none; who, when, what became of it."""
    c = one.row
    figure = range_cell(c["value_low"], c["value"], c["value_high"])
    said = escape(c["statement"]) if figure == "–" else f"<b>{figure}</b> {escape(_counted(c))}"
    assessed = known(c["assessment"])
    standing = c["standing"].replace("-", " ").capitalize() + (f": {escape(assessed)}" if assessed else "")
    return (
        f"<li><b>{escape(c['claimant'])}</b>, {format_value(c['date'], FORMATS[c['date_precision']])}: {said}. "
        f"<i>{standing}.</i> {links(one.documents)}</li>"
    )


def links(documents: tuple[tuple[str, str], ...]) -> str:
    """Return documents as links to their entries on the page *Sources*."""
    return "; ".join(f'<a href="sources.html#{address}">{escape(label)}</a>' for address, label in documents)


def place_words(event: Event) -> str:
    """Return the place with its region, the region alone, or that there is no one place."""
    region = known(event.row["region"])
    names = [event.place.name] if event.place else []
    return escape(", ".join(names + [region] * (region not in names and bool(region))) or event.region)


def actor_words(event: Event) -> str:
    """Return the actors, those of the table of actors first."""
    return escape(", ".join([a.name for a in event.actors] + split_list(event.row["actors_other"]))) or "–"


def _counted(c: dict) -> str:
    """Return what a figure counts, after its unit where the words do not hold that already."""
    unit = known(c["unit"])
    told = not unit or unit == "killed" or unit.split()[0] in c["counted"]
    return c["counted"] if told else f"{unit}: {c['counted']}"
