"""A finding of ultrasound or MR: where on the nerve, and what its words mean there.

A nerve is scanned at places, not at muscles or studies; words such as enlarged mean a value beyond
the published limit of the place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tinel.case.finding_place import OnNerve
from tinel.case.finding_value import Told, tidy, told
from tinel.declare.quantity import NotAllowedError, shown
from tinel.errors import TinelError
from tinel.exam.limits.nerve_area import largest_mm2
from tinel.exam.measure import Measure
from tinel.exam.scanned_places import NamedPlace, named_places
from tinel.exam.scanning import INJURED
from tinel.exam.test import Test
from tinel.exam.tests.mri import AREA as AREA_ON_MR
from tinel.exam.tests.mri import STIR, T2
from tinel.exam.ultrasound_names import AREA, GAP, SWELLING, TERMINAL, WHOLE
from tinel.nerve.anatomy import Target
from tinel.nerve.naming import by_name, plain

INJURY = ("injury", "site of the injury", "lesion", "site", INJURED)
SIDE_RATIO = ("side ratio", "side to side ratio", "ratio to the other side")
NOT_SAID = ("not said", "not assessed", "unclear", "uncertain", "cannot be said")
AT_INJURY = (WHOLE, GAP, TERMINAL)  # a slide or stack through the injury says them
YES, NO = ("yes", "seen", "found"), ("no", "not seen", "not found")


def measure_meant(
    test: Test, on: OnNerve, place: str, quantity: str, value: object
) -> Measure | None:
    """The quantity of a finding that names a side ratio, or none; None where the words do not say.

    Args:
        test: ultrasound or MR.
        on: the nerve.
        place, quantity: as given, empty for none.
        value: as given.
    """
    if plain(quantity) in SIDE_RATIO:
        return next(m for m in test.measures if m.quantity in (AREA, AREA_ON_MR))
    of_muscle = any(plain(place) in _names(t) for t in _muscles(on))
    fit = [m for m in test.measures if (m.quantity == STIR) == of_muscle]
    if quantity:
        named = [m for m in fit if plain(quantity) in map(plain, (m.quantity, *m.other_names))]
        return named[0] if len(named) == 1 else None
    if not isinstance(value, str):
        return fit[0] if len(fit) == 1 else None
    word = tidy(value).casefold()
    saying = [m for m in fit if m.means(word) or word in (*m.beyond, *m.within)]
    return saying[0] if len(saying) == 1 else None


def site_meant(measure: Measure, on: OnNerve, place: str, site: str, test: Test) -> str:
    """The place of a finding as the test's values name it; empty for the swelling ratio.

    Args:
        measure: what was measured.
        on: the nerve.
        place, site: as given, empty for none; a place along the nerve may stand in either.
        test: ultrasound or MR.

    Raises:
        TinelError: no such place or muscle, or one at which the quantity is not measured.
    """
    whole = {plain(s.name) for s in test.subjects(on.nerve)} | {"", "nerve", plain(on.nerve.name)}
    given = site if plain(place) in whole else place
    at_injury = plain(given) in map(plain, ("", *INJURY))
    if measure.quantity == STIR:
        if not given:
            told_none = f"{measure.quantity} is that of a muscle, and none is named"
            raise TinelError(told_none, "place", _allowed([t.name for t in _muscles(on)]))
        try:
            return by_name(_muscles(on), given, f"muscle of the {on.nerve.name} nerve").name
        except TinelError as problem:
            raise problem.at("place") from None
    if measure.quantity == SWELLING:
        if at_injury:
            return ""
        told_where = f"{SWELLING} is the largest area over that away from the injury"
        raise TinelError(told_where, "place", "leave the place out")
    if at_injury:
        return INJURED
    found = _place(given, on)
    if measure.quantity in AT_INJURY:
        _check_near_injury(found, on)
        return INJURED
    return found.name


def _place(given: str, on: OnNerve) -> NamedPlace:
    if any(plain(given) in _names(t) for t in _muscles(on)):
        told_muscle = f"{shown(given)} is a muscle, and this is measured along the nerve"
        places = [INJURED, *(one.name for one in named_places(on.nerve))]
        raise TinelError(told_muscle, "place", _allowed(places))
    try:
        return by_name(named_places(on.nerve), given, f"place along the {on.nerve.name} nerve")
    except TinelError as problem:
        raise problem.at("place") from None


def _check_near_injury(place: NamedPlace, on: OnNerve) -> None:
    low, high = on.site_mm
    away = max(low - place.position_mm, place.position_mm - high, 0.0)
    if away <= on.nerve.twins.parameters.scalar("pictures.continuity_mm"):
        return
    told_far = f"{place.name} lies {away:.0f} mm away from the injury, of which this is told"
    raise TinelError(told_far, "place", f"write place = '{INJURED}', or leave it out")


def value_meant(
    given: object, measure: Measure, unit: str, site: str, on: OnNerve, side_ratio: bool
) -> Told | None:
    """What a value says; None where nothing was said.

    Args:
        given, unit: as written.
        measure: what was measured.
        site: from ``site_meant``.
        on: the nerve.
        side_ratio: whether it is the ratio to the other side.

    Raises:
        TinelError: not a value of this quantity, or a word that needs a limit where none is
            published.
    """
    word = tidy(given).casefold() if isinstance(given, str) else ""
    if word in NOT_SAID:
        return None
    if side_ratio:
        ratio = told(given, Measure("side ratio", "ratio", 0.1, 10.0), unit)
        if ratio is None or ratio.state not in ("value", "range"):
            return ratio
        return Told(ratio.state, 100 * ratio.low, 100 * ratio.high, of_other_side=True)
    if word in (*measure.beyond, *measure.within):
        limit = limit_of(measure, site, on)
        if word in measure.beyond:
            return Told("range", limit, math.inf)
        return Told("range", -math.inf, limit)
    if "present" in measure.states_meant and word in (*YES, *NO):
        return Told("present" if word in YES else "absent")
    meant = told(given, measure, unit)
    if measure.quantity == T2 and meant is not None and not meant.of_other_side:
        told_ms = "T2 in ms depends on how it was measured, by half and more"
        raise NotAllowedError(told_ms, "write it as '140 % of the other side'")
    return meant


def limit_of(measure: Measure, site: str, on: OnNerve) -> float:
    """The largest normal value of a quantity at a place.

    Raises:
        NotAllowedError: none was published.
    """
    from tinel.imaging.mri.limits import limit

    parameters = on.nerve.twins.parameters
    if measure.quantity == SWELLING:
        return parameters.scalar("pictures.limit.swelling_ratio")
    if measure.quantity == AREA:
        size = _size(site, on)
        if size:
            return largest_mm2(size, parameters)
    else:
        name = "area" if measure.quantity == AREA_ON_MR else measure.quantity
        found = limit(name, parameters, on.nerve.name)
        if found is not None:
            return found.value
    told_none = f"no published limit says what is normal of {measure.quantity} there ({site})"
    raise NotAllowedError(told_none, f"give the number ({measure.allowed})")


def _size(site: str, on: OnNerve) -> str:
    """Key of the normal area of a place; that of a known one where the injury lies at it."""
    known = named_places(on.nerve)
    if site != INJURED:
        return next((one.size for one in known if one.name == site), "")
    middle = sum(on.site_mm) / 2
    same = on.nerve.twins.parameters.scalar("pictures.same_mm")
    near = [
        one
        for one in known
        if one.size and one.branch == on.branch and abs(one.position_mm - middle) <= same
    ]
    return min(near, key=lambda one: abs(one.position_mm - middle)).size if near else ""


def _muscles(on: OnNerve) -> tuple[Target, ...]:
    return tuple(t for t in on.nerve.targets if t.kind == "motor")


def _names(target: Target) -> set[str]:
    return {plain(word) for word in (target.name, *target.other_names)}


def _allowed(names: Sequence[str]) -> str:
    return f"allowed: {', '.join(names)}"
