"""Events with all that the page shows of them, read from the tables once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from malibook.evidence import load, phase_of, split_list
from malibook.press.explore.kinds import check_kinds
from malibook.press.explore.words import BEFORE, document_labels, known, labelled

ABROAD, SEVERAL, NOWHERE = "Outside Mali", "Several regions", "No single place"
LAST = (SEVERAL, ABROAD, NOWHERE)  # headings that are no region stand after those that are


@dataclass(frozen=True)
class Named:
    """Something to filter by: its id, its name, the heading it stands under."""

    id: str
    name: str
    group: str


@dataclass(frozen=True)
class Claim:
    """One claim: `row` is its row of the table; `documents` are addresses and labels of those that report it."""

    row: dict
    documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Dispute:
    """A question with the claims that answer it."""

    row: dict
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Event:
    """One event: `row` is its row of the table, `number` its place in time, the rest what other tables say of it."""

    row: dict
    number: int
    phase: str
    place: Named | None
    actors: tuple[Named, ...]
    disputes: tuple[Dispute, ...]
    elsewhere: tuple[Dispute, ...]  # disputes that bear on this event, and whose claims stand with another
    documents: tuple[tuple[str, str], ...]

    @property
    def anchor(self) -> str:
        """The id of the event's row on the page, which lasts."""
        return f"e-{self.row['id']}"

    @property
    def target(self) -> str:
        """The id within the row that marks lead to: short, since each stands there three times."""
        return f"e{self.number}"

    @property
    def contested(self) -> bool:
        """Whether figures or accounts of the event are contested."""
        return bool(self.disputes or self.elsewhere)

    @property
    def region(self) -> str:
        """The region of Mali, or words that say that it was elsewhere or has no one place."""
        return known(self.row["region"]) or (self.place.group if self.place else NOWHERE)


def events() -> list[Event]:
    """Return all events in order of time."""
    frame = load("events").sort_values(["date", "id"], kind="stable")
    check_kinds(set(frame["category"]))
    places, actors, labels = all_places(), all_actors(), document_labels()
    phase = phase_of(frame["date"]).fillna(BEFORE)
    contested = {dispute.row["id"]: dispute for dispute in disputes()}
    return [
        Event(
            row,
            number,
            when,
            places.get(row["place"]),
            tuple(actors[name] for name in split_list(row["actors"])),
            tuple(d for d in contested.values() if d.row["event"] == row["id"]),
            tuple(d for n in split_list(row["disputes"]) if (d := contested[n]).row["event"] != row["id"]),
            labelled(row["sources"], labels),
        )
        for number, (row, when) in enumerate(zip(frame.to_dict("records"), phase, strict=True), 1)
    ]


def disputes() -> list[Dispute]:
    """Return all disputes with their claims, in the order of the tables."""
    labels, claims = document_labels(), dict[str, list[Claim]]()
    for row in load("claims").to_dict("records"):
        claims.setdefault(row["dispute"], []).append(Claim(row, labelled(row["sources"], labels)))
    return [Dispute(row, tuple(claims.get(row["id"], ()))) for row in load("disputes").to_dict("records")]


def all_places() -> dict[str, Named]:
    """Return every place under its region; what lies beyond Mali, or in no one region, stands under words that say so."""
    return {
        r.id: Named(r.id, r.name, known(r.region) or (SEVERAL if r.country == "MLI" else ABROAD))
        for r in load("places").itertuples()
    }


def all_actors() -> dict[str, Named]:
    """Return every actor under the heading of its kind."""
    return {
        r.id: Named(
            r.id, r.short_name, r.kind.replace("-", " ").replace("pmc", "private military company").capitalize()
        )
        for r in load("actors").itertuples()
    }


def grouped(found: list[Named]) -> dict[str, list[tuple[Named, int]]]:
    """Return what there is to choose from under its headings, each with how many events it has."""
    counts, out = Counter(found), dict[str, list[tuple[Named, int]]]()
    for item in sorted(counts, key=lambda x: (x.group in LAST, x.group.casefold(), x.name.casefold())):
        out.setdefault(item.group, []).append((item, counts[item]))
    return out
