"""The numbers of one row of a table of nerve conduction, as findings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tinel.case.observed import Observed
from tinel.errors import TinelError
from tinel.lab_table.cell import DASH, EMPTY, VALUE
from tinel.lab_table.header import UNITS, Column
from tinel.lab_table.lab import BASE_PEAK, ONSET, PEAK, PEAK_PEAK, Lab
from tinel.lab_table.labels import ORTHODROMIC, Context, Labels
from tinel.lab_table.reading import LabFinding
from tinel.lab_table.row_numbers import AT_SITE, Cells, Numbers, check_dashes, in_unit, is_absent
from tinel.lab_table.study import (
    Known,
    LeftOutError,
    Wanted,
    meant,
    segment_of,
    site_of,
    studies_of,
)
from tinel.lab_table.words import by_word

F_WAVE = {"minimum F latency": "minimum latency", "F persistence": "persistence"}


def conduction_findings(
    row: int, cells: Cells, labels: Labels, day: float, numbers: Numbers, nerve: str
) -> tuple[list[LabFinding], list[tuple[str, str]]]:
    """The findings of a row, and what of it was left out, each with the reason.

    Args:
        row: its number.
        cells: by role, the column and the text of the cell.
        labels: what its words say.
        day: after the injury.
        numbers: how numbers are read.
        nerve: of the case; empty for any.

    Raises:
        TinelError: anything that is not understood; names the column.
        LeftOutError: Tinel has no such study or site.
    """
    context = labels.context
    studies = _studies(context, numbers.lab, nerve)
    written = {role: numbers.read(*cells[role]) for role in UNITS if role in cells}
    check_dashes(cells, written)
    written = {role: one for role, one in written.items() if one.state not in (EMPTY, DASH)}
    kind = studies[0].kind
    found, left_out = list[LabFinding](), list[tuple[str, str]]()
    absent = is_absent(cells, written, numbers)
    if absent:
        written = {r: one for r, one in written.items() if r == "distance" or r in F_WAVE}
    values = {
        role: in_unit(cells[role][0], one, kind, numbers)
        for role, one in written.items()
        if one.state == VALUE
    }
    blank = Observed(f"row {row}", "", "", "", "", "", "", day, day, "value", side=context.side)
    at_site = [role for role in AT_SITE if role in values]
    if at_site or absent:
        if not labels.site:
            raise TinelError("the site of stimulation is not given")
        study, site = site_of(studies, labels.site)
        blank = replace(blank, test=study.test, subject=study.study, site=site)
        if absent:
            text = next((t for r, (_, t) in cells.items() if r in (*AT_SITE, "no response")), "")
            unit = UNITS["amplitude"][kind == "sensory"]
            one = replace(blank, text=text, quantity="amplitude", unit=unit, state="absent")
            found.append(LabFinding(row, study.nerve, one))
        far = _too_far(study, site, labels, values, numbers)
        for role in at_site:
            column, text = cells[role]
            why = far if role.endswith("latency") else ""
            quantity = "" if why else _quantity(role, kind, numbers.lab)
            if not quantity:
                which = "onset or peak" if role == "latency" else "base to peak or peak to peak"
                why = why or f"the table does not say {which}; see [measured] in the mapping file"
                left_out.append((f"{column.text} {text}", why))
                continue
            found.append(_finding(row, study, blank, quantity, kind, role, values, text))
    found += _velocities(row, cells, labels, studies, blank, values, left_out)
    found += _f_wave(row, cells, studies, blank, values)
    said = {one.observed.quantity for one in found}
    double = [q for q in said if sum(one.observed.quantity == q for one in found) > 1]
    if double:
        raise TinelError(f"two columns give the {double[0]}", advice="see the mapping file")
    if written and not found and not left_out and not absent and set(written) != {"distance"}:
        raise TinelError("the row gives no value that is understood")
    return found, left_out


def _studies(context: Context, lab: Lab, nerve: str) -> tuple[Known, ...]:
    if not context.nerve:
        raise TinelError("no nerve is given, here or above", advice="name it in each row")
    if context.direction == ORTHODROMIC:
        raise LeftOutError("recorded orthodromically; Tinel computes antidromic responses")
    kind = "motor" if context.kind == "F" else context.kind
    if kind not in ("", "motor", "sensory"):
        raise LeftOutError(f"Tinel reads no table of kind {kind}")
    if not context.side:
        raise TinelError("the side is missing", advice="write right or left, or give --side")
    recorded = tuple(lab.recorded.items())
    return studies_of(Wanted(context.nerve, kind, context.place), nerve, recorded)


def _quantity(role: str, kind: str, lab: Lab) -> str:
    """Tinel's quantity; empty where the table does not say which of two it is."""
    said = getattr(lab.measured, f"{kind}_{role}", "")
    if role == "latency":
        return {ONSET: "onset latency", PEAK: "peak latency"}.get(said, "")
    if role == "amplitude":
        return {BASE_PEAK: "amplitude", PEAK_PEAK: "peak-to-peak amplitude"}.get(said, "")
    return "amplitude" if role == "base amplitude" else role


def _finding(
    row: int,
    study: Known,
    blank: Observed,
    quantity: str,
    kind: str,
    role: str,
    values: Mapping[str, tuple[float, float]],
    text: str,
) -> LabFinding:
    low, high = values[role]
    unit = UNITS[role][-1 if kind == "sensory" else 0]
    state: str = "value" if low == high else "range"
    one = replace(blank, text=text, quantity=quantity, unit=unit, low=low, high=high)
    one = replace(one, state="value" if state == "value" else "range")
    way = values.get("distance", (math.nan, math.nan))[0]
    return LabFinding(row, study.nerve, one, distance_mm=way)


def _to_electrode(labels: Labels, kind: str) -> bool:
    """Whether the distance of the row runs to the recording electrode."""
    if labels.segment:
        return kind == "sensory"
    return kind == "sensory" or not labels.context.site_above


def _too_far(
    study: Known,
    site: str,
    labels: Labels,
    values: Mapping[str, tuple[float, float]],
    numbers: Numbers,
) -> str:
    """Why a latency cannot be set against Tinel's, where it was measured at another distance."""
    here = study.distance_mm[study.sites.index(site)]
    if here is None or "distance" not in values or not _to_electrode(labels, study.kind):
        return ""
    way = values["distance"][0]
    if abs(way - here) <= numbers.limit("distance_tolerance_mm"):
        return ""
    return f"measured over {way:g} mm, and Tinel stimulates at {here:g} mm"


def _velocities(
    row: int,
    cells: Cells,
    labels: Labels,
    studies: tuple[Known, ...],
    blank: Observed,
    values: Mapping[str, tuple[float, float]],
    left_out: list[tuple[str, str]],
) -> Iterator[LabFinding]:
    if "velocity" not in values:
        return
    column, text = cells["velocity"]
    kind = studies[0].kind
    try:
        study, label = _segment(labels, studies, column)
    except LeftOutError as why:
        left_out.append((f"{column.text} {text}", str(why)))
        return
    blank = replace(blank, test=study.test, subject=study.study, site=label)
    yield _finding(row, study, blank, "velocity", kind, "velocity", values, text)


def _segment(labels: Labels, studies: tuple[Known, ...], column: Column) -> tuple[Known, str]:
    """The study of a velocity, and Tinel's name of its segment."""
    ends = labels.segment
    sites = [end for end in ends if end in by_word("site").values()]
    if studies[0].kind == "sensory":
        # the other end is where the electrode lies, whatever it is called
        sites = [end for end in sites if any(set(meant(end)) & set(s.sites) for s in studies)]
        if ends and len(sites) != 1:
            raise LeftOutError("Tinel has sensory velocities from a site to the electrode only")
        word = sites[0] if ends else labels.site
        if not word:
            raise TinelError("the site of the velocity is not given", column.text)
        return site_of(studies, word)
    if ends and len(sites) < 2:
        raise LeftOutError("Tinel has no velocity from a site to the muscle")
    if not ends:
        ends = (labels.site, labels.context.site_above)
        if not all(ends):
            told = "between which sites the velocity was measured is not given"
            raise TinelError(told, column.text, "add a column 'Segment', or the distal row above")
    study, upper, lower = segment_of(studies, *ends)
    return study, f"{upper} to {lower}"


def _f_wave(
    row: int,
    cells: Cells,
    studies: tuple[Known, ...],
    blank: Observed,
    values: Mapping[str, tuple[float, float]],
) -> Iterator[LabFinding]:
    for role, quantity in F_WAVE.items():
        if role in values:
            study = studies[0]
            if blank.site not in ("", study.sites[0]):
                told = f"F waves are from the {study.sites[0]}, not from the {blank.site}"
                raise TinelError(told, cells[role][0].text)
            name = study.study.replace(" motor ", " F wave ")
            one = replace(blank, test="F wave", subject=name, site=study.sites[0])
            text = cells[role][1]
            yield _finding(row, study, one, quantity, "motor", role, values, text)
