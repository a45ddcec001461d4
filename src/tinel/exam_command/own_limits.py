"""A laboratory's own limits, from a table (CSV) given by ``--limits``."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tinel.declare import named
from tinel.declare.toml_file import bytes_of, text_of
from tinel.errors import TinelError, suggest
from tinel.exam.examination import Visit
from tinel.exam.measurement import Measurement
from tinel.exam.reference_limits import Bound, ReferenceLimit
from tinel.exam.test import Test
from tinel.twins import Patient

NEEDED = ("test", "site", "quantity", "limit", "value")
OPTIONAL = ("study", "unit", "sex", "age_from", "age_to")
LOWER = {"lower": True, "upper": False}
SEXES = ("female", "male")


@dataclass(frozen=True)
class OwnLimit:
    """One row of the table.

    Args:
        row: its line in the file, the head being 1.
        test, site, quantity: what it bounds; an empty site means every one.
        study: a conduction study, a muscle or a patch of skin; empty for every one.
        unit: of the value; empty where the table has none.
        bound: the value, and whether normal ones lie above it.
        sex: empty for both.
        age_from, age_to: years, both included.
    """

    row: int
    test: str
    site: str
    quantity: str
    study: str
    unit: str
    bound: Bound
    sex: str = ""
    age_from: float = 0.0
    age_to: float = math.inf

    def holds(self, measurement: Measurement, patient: Patient) -> bool:
        """Whether it bounds a measurement in a patient."""
        return (
            (self.test, self.quantity) == (measurement.test, measurement.quantity)
            and self.site in ("", measurement.site)
            and self.study in ("", measurement.subject)
            and self.sex in ("", patient.sex)
            and self.age_from <= patient.age <= self.age_to
        )

    @property
    def key(self) -> tuple[object, ...]:
        """What two rows must not have in common."""
        return (self.test, self.study, self.site, self.quantity, self.sex)


def read_limits(path: Path, tests: Mapping[str, Test]) -> tuple[OwnLimit, ...]:
    """The rows of a laboratory's table.

    Columns ``test``, ``site``, ``quantity``, ``limit`` (``lower`` or ``upper``) and ``value``;
    also ``study``, ``unit``, ``sex``, ``age_from`` and ``age_to`` where wanted.

    Args:
        path: the file, UTF-8, with commas or semicolons.
        tests: the tests there are, by name.

    Raises:
        TinelError: a row that does not fit; names row and column.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from tinel.exam.test import known_tests
        >>> text = "test,site,quantity,limit,value\\nmotor conduction,wrist,amplitude,lower,5\\n"
        >>> with TemporaryDirectory() as folder:
        ...     _ = (Path(folder) / "lab.csv").write_text(text)
        ...     (limit,) = read_limits(Path(folder) / "lab.csv", known_tests())
        >>> limit.bound.text, limit.row
        ('≥ 5', 2)
    """
    name = f"--limits {path.name}"
    try:
        text = text_of(bytes_of(path), path.name)
    except TinelError as problem:
        raise TinelError(problem.message, name, "name a table (CSV, UTF-8)") from None
    head_line = text.partition("\n")[0]
    separator = ";" if head_line.count(";") > head_line.count(",") else ","
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=separator))
    head = [cell.strip().casefold() for cell in lines[0]] if lines else []
    _check_head(head, name)
    found: list[OwnLimit] = []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            message = f"has {len(cells)} cells (allowed: {len(head)}, as the head has)"
            raise TinelError(message, f"{name}: row {number}", "give every column a cell")
        row = dict(zip(head, (cell.strip() for cell in cells), strict=True))
        one = _limit(row, number, name, tests)
        alike = next((o for o in found if o.key == one.key and _overlap(o, one)), None)
        if alike is not None:
            message = f"bounds what row {alike.row} bounds (allowed: one limit each)"
            raise TinelError(message, f"{name}: row {number}", "keep one of them")
        found.append(one)
    if not found:
        raise TinelError("holds no limit", name, "give one row per limit under the head")
    return tuple(found)


def _check_head(head: Sequence[str], name: str) -> None:
    where = f"{name}: row 1"
    for column in head:
        if column not in (*NEEDED, *OPTIONAL):
            told = f"'{column}' is no known column"
            raise TinelError(told, where, suggest(column, (*NEEDED, *OPTIONAL)))
        if head.count(column) > 1:
            raise TinelError(f"column '{column}' is there twice", where, "keep one of them")
    for column in NEEDED:
        if column not in head:
            raise TinelError(f"column '{column}' is missing", where, f"give {', '.join(NEEDED)}")


def _limit(row: Mapping[str, str], number: int, name: str, tests: Mapping[str, Test]) -> OwnLimit:
    def at(column: str) -> str:
        return f"{name}: row {number}, column {column}"

    def years(column: str, otherwise: float) -> float:
        return _number(row[column], at(column), 0) if row.get(column) else otherwise

    for column in ("quantity", "value"):
        if not row[column]:
            raise TinelError("is empty", at(column), "every limit needs one")
    test, _ = named(tests, row["test"], "test", at("test"))
    kind, sex = row["limit"].casefold(), row.get("sex", "").casefold()
    if kind not in LOWER:
        raise TinelError(f"'{row['limit']}' is no limit", at("limit"), "allowed: lower, upper")
    if sex and sex not in SEXES:
        message = f"'{row['sex']}' is no sex"
        raise TinelError(message, at("sex"), "allowed: female, male, or empty for both")
    age_from, age_to = years("age_from", 0.0), years("age_to", math.inf)
    if age_from > age_to:
        message = f"{age_to:g} is below age_from, {age_from:g}"
        raise TinelError(message, at("age_to"), "give the younger age first")
    value = _number(row["value"], at("value"))
    return OwnLimit(
        number,
        test.name,
        row["site"],
        row["quantity"],
        row.get("study", ""),
        row.get("unit", ""),
        Bound(value, LOWER[kind]),
        sex,
        age_from,
        age_to,
    )


def _number(text: str, where: str, least: float = -math.inf) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TinelError(f"'{text}' is no number", where, "write for example 4.5")
    if value < least:
        raise TinelError(f"{value:g} is out of range (allowed: {least:g} or more)", where)
    return value


def _overlap(one: OwnLimit, other: OwnLimit) -> bool:
    return one.age_from <= other.age_to and other.age_from <= one.age_to


def check_fit(
    own: Sequence[OwnLimit], visits: Sequence[Visit], name: str = "--limits"
) -> tuple[str, ...]:
    """Compare a laboratory's rows with what was measured; notes on those that bound nothing.

    A row of a test that was done must name a quantity, and for a study of this nerve a site, that
    the test has. Rows on other tests or nerves stay unused.

    Raises:
        TinelError: such a quantity, site or unit does not exist; names row and column.
    """
    every = [m for visit in visits for m in visit.examination.measurements]
    notes = []
    for one in own:
        where = f"{name}: row {one.row}"
        of_test = [m for m in every if m.test == one.test]
        here = [m for m in of_test if one.study in ("", m.subject)]
        if not here:
            what = f"no {one.test} of '{one.study}'" if of_test else f"no {one.test}"
            notes.append(f"{where} is not used: {what} was made here")
            continue
        same = [m for m in here if m.quantity == one.quantity]
        if not same:
            told = f"'{one.quantity}' is no quantity of {one.test}"
            words = {m.quantity for m in here}
            raise TinelError(told, f"{where}, column quantity", suggest(one.quantity, words))
        if one.site and one.site not in {m.site for m in same}:
            told, words = f"no site is called '{one.site}'", {m.site for m in same if m.site}
            if one.study:
                raise TinelError(told, f"{where}, column site", suggest(one.site, words))
            notes.append(f"{where} is not used: {told} here")
            continue
        units = {m.unit for m in same}
        if one.unit and one.unit not in units:
            told = f"'{one.unit}' is not the unit of {one.quantity}"
            raise TinelError(told, f"{where}, column unit", f"write it in {', '.join(units)}")
    return tuple(notes)


def as_limits(
    own: Sequence[OwnLimit], known: Mapping[str, ReferenceLimit], patient: Patient
) -> dict[str, ReferenceLimit]:
    """Reference limits by name, which go before those already there.

    Args:
        own: rows of the laboratory's table.
        known: the limits without them; whether the other side counts is as there.
        patient: whose age and sex choose among the rows.
    """
    limits = {}
    for quantity in dict.fromkeys(one.quantity for one in own):
        rows = [one for one in own if one.quantity == quantity]

        def bound(
            measurement: Measurement, visit: Visit, rows: Sequence[OwnLimit] = tuple(rows)
        ) -> Bound | None:
            which = [one for one in rows if one.holds(measurement, patient)]
            # of two rows the one that says more: a study before a site before neither
            which.sort(key=lambda one: (bool(one.study), bool(one.site), bool(one.sex)))
            return which[-1].bound if which else None

        name = f"{quantity}, own laboratory"
        base = next((r for r in [*known.values()][::-1] if r.quantity == quantity), None)
        if base is None:
            limits[name] = ReferenceLimit(
                name=name, text="The laboratory's own.", quantity=quantity, bound=bound
            )
        else:
            limits[name] = replace(base, name=name, text="The laboratory's own.", bound=bound)
    return limits
