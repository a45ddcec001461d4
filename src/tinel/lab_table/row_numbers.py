"""The numbers of one row in Tinel's units, and whether nothing came back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.lab_table.cell import ABSENT, DASH, PER_UNIT, VALUE, Written, read_cell
from tinel.lab_table.header import UNITS, USUAL, Column
from tinel.lab_table.lab import Lab
from tinel.lab_table.words import by_word, plain

Cells = Mapping[str, tuple[Column, str]]
AT_SITE = ("latency", "onset latency", "peak latency", "amplitude", "base amplitude",
           "peak-to-peak amplitude", "duration", "area")  # fmt: skip
# of the numbers that a response has: the number of evidence that bounds it
MOST = {
    "ms": "latency_most_ms",
    "mV": "motor_most_mV",
    "µV": "sensory_most_uV",
    "m/s": "velocity_most_m_per_s",
}


@dataclass(frozen=True)
class Numbers:
    """How numbers are read: the decimal mark, the laboratory's words, and what is possible."""

    mark: str
    lab: Lab
    parameters: Parameters

    def read(self, column: Column, text: str) -> Written:
        """What a cell says; a TinelError names the column."""
        try:
            return read_cell(text, self.mark, self.lab.no_response, self.lab.not_measured)
        except TinelError as problem:
            raise problem.at(column.text) from None

    def limit(self, name: str) -> float:
        """A bound of what is possible."""
        return self.parameters.scalar(f"laboratory.table.{name}")


def check_dashes(cells: Cells, written: Mapping[str, Written]) -> None:
    """Refuse a response of which only dashes are written: absent, or not measured?"""
    of_response = {role: one.state for role, one in written.items() if role in AT_SITE}
    dashes = [role for role, state in of_response.items() if state == DASH]
    if dashes and not {VALUE, ABSENT} & set(of_response.values()) and "no response" not in cells:
        column, text = cells[dashes[0]]
        told = f"'{text}' may be no response or nothing measured"
        advice = "put it under no_response or not_measured in the mapping file"
        raise TinelError(told, column.text, advice)


def in_unit(column: Column, one: Written, kind: str, numbers: Numbers) -> tuple[float, float]:
    """Low and high end of a value in Tinel's unit."""
    above = (column.sensory_unit if kind == "sensory" else "") or column.unit
    if one.unit and above and one.unit != above:
        told = f"{one.unit} stands in a column of {above}"
        raise TinelError(told, column.text, "write the column in one unit")
    wanted = UNITS[column.role][-1 if kind == "sensory" else 0]
    unit = one.unit or above or USUAL.get(wanted, "")
    if not unit:
        told = f"{column.role} has no unit"
        raise TinelError(told, column.text, "write it in the header, as Amplitude (mV), or in the "
                         "mapping file")  # fmt: skip
    if one.grouped and (wanted, unit) == ("mV", "µV") and not numbers.lab.decimal:
        told = "three digits after the mark may be thousands or parts of one"
        raise TinelError(told, column.text, "say decimal = '.' or ',' in the mapping file")
    factors = PER_UNIT[wanted]
    if unit not in factors:
        told = f"{column.role} in {unit} is not possible"
        raise TinelError(told, column.text, f"allowed: {', '.join(factors)}")
    low, high = (float(f"{end * factors[unit]:.12g}") for end in (one.low, one.high))
    _check(column, wanted, low, high, numbers)
    return low, high


def _check(column: Column, unit: str, low: float, high: float, numbers: Numbers) -> None:
    if unit not in MOST:
        return
    is_f = column.role == "minimum F latency"
    most = numbers.limit("f_latency_most_ms" if is_f else MOST[unit])
    least = numbers.limit("latency_least_ms") if "latency" in column.role else 0.0
    for end in (low, high):
        if (not math.isinf(end) and not least <= end <= most) or end == 0:
            told = f"{end:g} {unit} is out of range (allowed: {least:g} to {most:g} {unit})"
            advice = "a 0 that stands for no response goes under no_response in the mapping file"
            raise TinelError(told, column.text, advice if end == 0 else "is its unit right?")


def is_absent(cells: Cells, written: Mapping[str, Written], numbers: Numbers) -> bool:
    """Whether nothing came back; what contradicts itself is refused."""
    marked = [role for role, one in written.items() if one.state == ABSENT and role in AT_SITE]
    if "no response" in cells:
        column, text = cells["no response"]
        own = {word.casefold() for word in numbers.lab.no_response}
        if by_word("response").get(plain(text)) != ABSENT and text.casefold() not in own:
            told = f"'{text[:40]}' is no word for no response"
            raise TinelError(told, column.text, "put it under no_response in the mapping file")
        marked.append("no response")
    values = [
        role
        for role, one in written.items()
        if one.state == VALUE and one.high != 0 and role in (*AT_SITE, "velocity")
    ]
    if marked and values:
        first = cells[values[0]]
        told = f"'{first[1]}' stands beside a word for no response"
        raise TinelError(told, first[0].text)
    return bool(marked)
