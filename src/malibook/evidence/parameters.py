"""The parameters of a run: one frozen schema for the command line, papermill and the notebooks alike."""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import Any, Literal, get_args

from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from malibook.errors import BookError, shown
from malibook.evidence.held import countries
from malibook.evidence.identity import home_country

FIRST_DAY, LAST_DAY = date(1989, 1, 1), date(2026, 12, 31)
LONGEST_WORD = 40  # nothing longer is a slip of the pen
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Parameters(BaseModel):
    """What a rerun may change. Every chapter uses some of these; its own defaults stand in its parameters cell."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    country: str = Field(
        default_factory=home_country, description="country, as its ISO 3166-1 alpha-3 code; one that the tables hold"
    )
    start: date = Field(date(2012, 1, 1), description="first day of the window", ge=FIRST_DAY, le=LAST_DAY)
    end: date = Field(LAST_DAY, description="last day of the window", ge=FIRST_DAY, le=LAST_DAY)
    estimate: Literal["low", "best", "high"] = Field("best", description="which of UCDP's three estimates of deaths")
    break_date: date = Field(
        date(2022, 8, 15), description="the day on which a change is looked for", ge=FIRST_DAY, le=LAST_DAY
    )
    window_months: int = Field(12, description="months before and after an event that are compared", ge=3, le=60)
    counting_rule: Literal["admission", "compilation", "witness"] = Field(
        "admission",
        description="what may set the floor of a contested count: inquiry, footage and what a side admits; "
        "compilations too; press and witnesses too",
    )

    dataset: Literal["ucdp-and-acled", "ucdp", "without-candidates"] = Field(
        "ucdp-and-acled",
        description="which data of violence count: UCDP's, candidate data where there are none final, and ACLED's by region; "
        "UCDP's alone; both without candidate data",
    )
    phases: Literal["missions", "coups", "years"] = Field(
        "missions",
        description="what divides the time: foreign missions and forces; Mali's coups; two calendar years each",
    )
    region_scheme: Literal["five-regions", "without-segou", "without-bamako", "kayes-and-sikasso"] = Field(
        "five-regions",
        description="which of ACLED's regions of Mali are its south and west: Kayes, Koulikoro, Sikasso, Ségou and Bamako, "
        "or some of them",
    )

    comparison: Literal["both-neighbours", "all-four", "without-burkina-faso", "central-african-republic"] = Field(
        "both-neighbours",
        description="the group that Mali is compared with, beside each neighbour alone: Burkina Faso and Niger; these, the "
        "Central African Republic and Libya; the same without Burkina Faso; the Central African Republic",
    )

    @field_validator("start", "end", "break_date", mode="before")
    @classmethod
    def _written_as_a_day(cls, given: Any) -> Any:
        """Let through dates and `YYYY-MM-DD`: pydantic alone would take a number for seconds since 1970."""
        is_day = isinstance(given, date) and given == given  # pandas' NaT is a date and equals nothing
        if is_day or (isinstance(given, str) and _DAY.fullmatch(given)):
            return given
        raise ValueError("a day is written YYYY-MM-DD")

    @field_validator("window_months", mode="before")
    @classmethod
    def _a_number(cls, given: Any) -> Any:
        if isinstance(given, bool):
            raise ValueError("a whole number is wanted")
        return given

    @field_validator("country")
    @classmethod
    def _held(cls, code: str) -> str:
        if code not in (known := countries()):
            raise ValueError(f"is no country of this book's tables: {', '.join(known)}")
        return code

    @model_validator(mode="after")
    def _in_order(self) -> Parameters:
        if self.start >= self.end:
            given = "start" in self.model_fields_set
            first = f"start ({self.start})" if given else f"the first day where none is given ({self.start})"
            raise ValueError(f"{first} must come before end ({self.end})")
        return self

    def __init__(self, **values: Any) -> None:
        """Check the values; raise `BookError` naming the parameter, the value and what is allowed."""
        unknown = [name for name in values if name not in type(self).model_fields]
        if unknown:
            raise unknown_parameter(unknown[0], list(type(self).model_fields))
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise BookError(_explain(error), where="parameters", remedy=_remedy(error)) from None


def unknown_parameter(name: str, known: list[str], where: str = "parameters") -> BookError:
    """Return the error for a parameter that does not exist, with the nearest one that does."""
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return BookError(f"unknown parameter {shown(name)}", where=where, remedy=f"{hint}known: {', '.join(known)}")


def _explain(error: ValidationError) -> str:
    parts = []
    for problem in error.errors():
        name = ".".join(map(str, problem["loc"])) or "window"
        given = f" (given: {shown(problem['input'])})" if problem["loc"] else ""
        near = _nearest(name, problem["input"])
        parts.append(f"{name}: {problem['msg'].removeprefix('Value error, ')}{given}{near}")
    return "; ".join(parts)


def _remedy(error: ValidationError) -> str:
    names = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors() if problem["loc"])
    parts = [f"{name} may be {choices(name)}" for name in names if name in Parameters.model_fields]
    return "; ".join(parts) or "give a start that comes before the end"


def values_of(name: str) -> tuple[str, ...]:
    """Return the values that a parameter may take; empty for a day or a number."""
    return countries() if name == "country" else tuple(map(str, get_args(Parameters.model_fields[name].annotation)))


def limits_of(name: str) -> tuple[str, str]:
    """Return the first and the last value of a day or a number, as text; empty where there is none."""
    marks = Parameters.model_fields[name].metadata
    least, most = (
        next((getattr(m, key) for m in marks if isinstance(m, kind)), "") for key, kind in (("ge", Ge), ("le", Le))
    )
    return str(least), str(most)


def choices(name: str) -> str:
    """Return in words what a parameter may be: `low, best, high`; `3 to 60`."""
    return ", ".join(values_of(name)) or " to ".join(limits_of(name))


def _nearest(name: str, given: Any) -> str:
    """Return a hint at the allowed value that is most like the one given; empty where none is, or any date or number fits."""
    field = Parameters.model_fields.get(name)
    if field is None or not isinstance(given, str) or len(given) > LONGEST_WORD:
        return ""
    by_small = {value.casefold(): value for value in values_of(name)}
    near = difflib.get_close_matches(given.strip().casefold(), by_small, 1)
    return f"; did you mean {by_small[near[0]]!r}?" if near else ""
