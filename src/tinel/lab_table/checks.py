"""Numbers of a table against each other: what cannot be true together was read or typed wrongly."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tinel.evidence import Parameters
from tinel.lab_table.reading import LabFinding
from tinel.lab_table.study import known_studies

Key = tuple[str, str, float]
Group = dict[tuple[str, str], LabFinding]


def contradictions(findings: Sequence[LabFinding], parameters: Parameters) -> dict[int, str]:
    """Rows whose numbers contradict each other or are given twice, each with the reason.

    Args:
        findings: of a whole table.
        parameters: hold how far a velocity may lie from distance over time.
    """
    bad: dict[int, str] = {}
    groups: dict[Key, Group] = {}
    for one in findings:
        seen = one.observed
        base = f"{seen.test.partition(' ')[0] == 'needle'}{seen.subject.partition(', ')[0]}"
        group = groups.setdefault((base, seen.side, seen.first_day), {})
        other = group.setdefault((seen.site, seen.quantity), one)
        if other is not one:
            what = f"{seen.subject}, {seen.site or 'the muscle'}, {seen.side}: {seen.quantity}"
            why = f"rows {other.row} and {one.row} both give {what}"
            bad |= {one.row: why, other.row: why}
    for group in groups.values():
        for rows, why in _wrong(group, parameters):
            bad |= {row: why for row in rows if row not in bad}
    return bad


def _wrong(group: Group, parameters: Parameters) -> Iterator[tuple[tuple[int, ...], str]]:
    yield from _at_sites(group)
    yield from _in_order(group)
    yield from _velocities(group, parameters)


def _value(group: Group, site: str, quantity: str) -> float:
    one = group.get((site, quantity))
    exact = one is not None and one.observed.low == one.observed.high
    return one.observed.low if one is not None and exact else math.nan


def _at_sites(group: Group) -> Iterator[tuple[tuple[int, ...], str]]:
    for site, quantity in group:
        row = (group[site, quantity].row,)
        if quantity == "peak latency" and _value(group, site, "onset latency") >= _value(
            group, site, quantity
        ):
            yield row, "the peak is not later than the onset"
        if quantity == "peak-to-peak amplitude" and _value(group, site, "amplitude") > _value(
            group, site, quantity
        ):
            yield row, "the amplitude from peak to peak is less than that from the base"
        if quantity == "amplitude" and group[site, quantity].observed.state == "absent":
            others = [q for s, q in group if s == site and q != quantity]
            if others:
                yield row, f"no response, and yet a {others[0]}"


def _in_order(group: Group) -> Iterator[tuple[tuple[int, ...], str]]:
    for sites in _orders(group):
        there = [site for site in sites if not math.isnan(_value(group, site, "onset latency"))]
        for lower, upper in pairwise(there):
            first, later = (_value(group, site, "onset latency") for site in (lower, upper))
            if not later > first:
                rows = tuple(group[site, "onset latency"].row for site in (upper, lower))
                yield (
                    rows,
                    f"the latency from {upper} ({later:g} ms) is not longer than from {lower}",
                )


def _orders(group: Group) -> set[tuple[str, ...]]:
    """Sites from distal to proximal of the motor studies in a group."""
    names = {one.observed.subject.partition(", ")[0] for one in group.values()}
    return {
        study.sites
        for study in known_studies()
        if study.kind == "motor" and study.study.partition(", ")[0] in names
    }


def _velocities(group: Group, parameters: Parameters) -> Iterator[tuple[tuple[int, ...], str]]:
    for (label, quantity), one in group.items():
        if quantity != "velocity":
            continue
        upper, _, lower = label.partition(" to ")
        time = _value(group, upper, "onset latency")
        if lower:
            time -= _value(group, lower, "onset latency")
        speed = _value(group, label, "velocity")
        if math.isnan(time * speed):
            continue
        where = f"{speed:g} m/s over {time:.3g} ms"
        if math.isnan(one.distance_mm):
            low, high = (
                parameters.scalar(f"laboratory.table.segment_{end}_mm") for end in ("least", "most")
            )
            if not low <= speed * time <= high:
                allowed = f"allowed: {low:g} to {high:g} mm"
                yield (one.row,), f"{where} is a way of {speed * time:.0f} mm ({allowed})"
            continue
        fraction = parameters.scalar("laboratory.table.velocity_tolerance")
        if not abs(speed * time - one.distance_mm) <= fraction * one.distance_mm:
            told = f"{where} is a way of {speed * time:.0f} mm"
            yield (one.row,), f"{told}, and {one.distance_mm:g} mm is given"
