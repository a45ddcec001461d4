"""The mapping file: how one laboratory's tables are written, in TOML.

It is guessed from a table, shown, and saved; a person corrects it, and from then on tables of that
laboratory are read by it or refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from tinel.case.finding_text import quoted
from tinel.case.problem import error_from
from tinel.case.schema import Section
from tinel.declare.quantity import NotAllowedError, shown
from tinel.declare.toml_file import bytes_of, tables_of, text_of
from tinel.errors import TinelError, suggest
from tinel.lab_table.cell import unit_of
from tinel.lab_table.words import vocabulary
from tinel.terminal import shown_name

UNKNOWN, ONSET, PEAK = "unknown", "onset", "peak"
BASE_PEAK, PEAK_PEAK = "base to peak", "peak to peak"
SAMPLE = "see docs/howto/read-a-table.md"
Words = Annotated[tuple[str, ...], Field(strict=False, max_length=100)]


def _role(given: object) -> object:
    roles = list(vocabulary()["header"])
    if given not in roles:
        raise NotAllowedError(
            f"{shown(given)} is nothing a column holds", suggest(str(given), roles)
        )
    return given


def _unit(given: object) -> object:
    unit = unit_of(given) if isinstance(given, str) else ""
    if given and not unit:
        allowed = ", ".join(vocabulary()["unit"])
        raise NotAllowedError(f"{shown(given)} is no unit of a table", f"allowed: {allowed}")
    return unit


class ColumnSection(Section):
    """[columns]: what one column holds, and its unit."""

    holds: Annotated[str, BeforeValidator(_role)] = Field(description="what the column holds")
    unit: Annotated[str, BeforeValidator(_unit)] = Field(default="", description="its unit")
    sensory_unit: Annotated[str, BeforeValidator(_unit)] = Field(
        default="", description="its unit in sensory rows, where it is another"
    )


class Measured(Section):
    """[measured]: what 'latency' and 'amplitude' mean where a column does not say."""

    motor_latency: Literal["onset", "peak", "unknown"] = Field(
        default="onset", description="onset, peak or unknown"
    )
    sensory_latency: Literal["onset", "peak", "unknown"] = Field(
        default="unknown", description="onset, peak or unknown"
    )
    motor_amplitude: Literal["base to peak", "peak to peak", "unknown"] = Field(
        default="base to peak", description="base to peak, peak to peak or unknown"
    )
    sensory_amplitude: Literal["base to peak", "peak to peak", "unknown"] = Field(
        default="unknown", description="base to peak, peak to peak or unknown"
    )


def _column(given: object) -> object:
    return {"holds": given} if isinstance(given, str) else given


Column = Annotated[ColumnSection, BeforeValidator(_column)]


class Lab(Section):
    """A laboratory's mapping file; every field may be left out but the columns."""

    columns: dict[str, Column] = Field(default={}, description="section [columns]")
    measured: Measured = Field(default=Measured(), description="section [measured]")
    no_response: Words = Field(default=(), description="list of words for no response")
    not_measured: Words = Field(default=(), description="list of words for nothing measured")
    between: Literal["", ";", ",", "\t", "|"] = Field(
        default="", description="what stands between two cells: ; , | or a tab"
    )
    decimal: Literal["", ",", "."] = Field(default="", description="decimal mark: , or .")
    encoding: str = Field(default="", description="of the file, e.g. utf-8 or latin-1")
    date_order: Literal["", "day first", "month first", "year first"] = Field(
        default="", description="day first, month first or year first"
    )
    recorded: dict[str, str] = Field(
        default={}, description="usual muscle or finger by nerve and kind, e.g. 'median motor'"
    )
    nerves: dict[str, str] = Field(default={}, description="own words for nerves")
    places: dict[str, str] = Field(default={}, description="own words for muscles and skin")
    sites: dict[str, str] = Field(default={}, description="own words for sites")
    sides: dict[str, str] = Field(default={}, description="own words for left and right")

    @property
    def own(self) -> tuple[tuple[str, str, str], ...]:
        """Its own words, each with the table of the vocabulary and what it means."""
        tables = {"nerve": self.nerves, "place": self.places, "site": self.sites}
        found = [(t, w, name) for t, words in tables.items() for w, name in words.items()]
        return (*found, *(("side", w, name) for w, name in self.sides.items()))


def read_lab(path: Path) -> Lab:
    """Read and check a laboratory's mapping file.

    Raises:
        TinelError: it cannot be read, or holds what is not allowed; names the field.
    """
    data = bytes_of(path)
    name = shown_name(path)
    return parse_lab(text_of(data, name), name)


def parse_lab(text: str, name: str = "lab.toml") -> Lab:
    """Check the text of a mapping file; ``name`` is that of the file in errors.

    Raises:
        TinelError: as ``read_lab``.

    Example:
        >>> lab = parse_lab('no_response = ["NR"]\\n[columns]\\nNerve = "nerve"')
        >>> lab.columns["Nerve"].holds, lab.measured.motor_latency
        ('nerve', 'onset')
    """
    try:
        lab = Lab.model_validate(tables_of(text, name, SAMPLE))
    except ValidationError as problem:
        raise error_from(problem, Lab, name) from None
    for section, table in (("nerves", "nerve"), ("places", "place"), ("sites", "site"),
                           ("sides", "side")):  # fmt: skip
        known = vocabulary()[table]
        for word, meant in getattr(lab, section).items():
            if meant not in known:
                told = f"{shown(meant)} is no {table} here"
                raise TinelError(told, f"{name}: {section}.{word[:60]}", suggest(meant, known))
    for word, meant in lab.recorded.items():
        if meant not in vocabulary()["place"]:
            told = f"{shown(meant)} is no muscle and no skin here"
            advice = suggest(meant, vocabulary()["place"])
            raise TinelError(told, f"{name}: recorded.{word[:60]}", advice)
    return lab


def lab_text(lab: Lab) -> str:
    """The mapping file's text, which ``parse_lab`` reads to the same.

    Example:
        >>> lab = parse_lab('decimal = ","\\n[columns]\\nAmp = {holds = "amplitude"}')
        >>> parse_lab(lab_text(lab)) == lab
        True
    """
    told = ["# How tables of this laboratory are written. Correct what was guessed wrong."]
    for key in ("between", "decimal", "encoding", "date_order"):
        if getattr(lab, key):
            told.append(f"{key} = {quoted(getattr(lab, key))}")
    told += ["# Words for no response, and for nothing measured; also '-' or '0' where it is one."]
    told += [f"{k} = [{', '.join(map(quoted, getattr(lab, k)))}]" for k in _WORDS]
    told += ["", "[columns]"]
    for header, column in lab.columns.items():
        unit = f", unit = {quoted(column.unit)}" if column.unit else ""
        if column.sensory_unit:
            unit += f", sensory_unit = {quoted(column.sensory_unit)}"
        told.append(f"{quoted(header)} = {{ holds = {quoted(column.holds)}{unit} }}")
    told += ["", "# onset or peak; base to peak or peak to peak; unknown is left out"]
    told += ["[measured]"]
    told += [f"{key} = {quoted(value)}" for key, value in lab.measured.model_dump().items()]
    for section in ("recorded", "nerves", "places", "sites", "sides"):
        table: Mapping[str, str] = getattr(lab, section)
        if table:
            told += ["", f"[{section}]"]
            told += [f"{quoted(word)} = {quoted(meant)}" for word, meant in table.items()]
    return "\n".join(told) + "\n"


_WORDS = ("no_response", "not_measured")
