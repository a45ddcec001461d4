"""How fast regrown fibres conduct: the table against the engine, and people and rats beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.people import PUBLISHED, some
from tinel import course, lesion, treatment
from tinel.cable.conduction.regrown import FIRST, LAST, Regrown, _time_ms, fibres, regrown
from tinel.cable.conduction.table import conduction
from tinel.cable.fibres.compartments import compartments
from tinel.cable.fibres.injury import Injury
from tinel.cable.models import mrg
from tinel.cable.simulate import simulate
from tinel.cable.stimulation.stimulus import pulse
from tinel.errors import TinelError
from tinel.exam.conduction_time import velocity_regrown
from tinel.exam.examination import examine
from tinel.exam.laboratory import set_up
from tinel.exam.limb import Limb, healthy
from tinel.nerve import build

Floats = NDArray[np.float64]
INTERNODE, SHEATH = (
    PUBLISHED.scalar(f"conduction.regrown.{n}") for n in ("internode_um", "sheath_fraction")
)
# the thinnest sheath of the table then leaves no rest
LEAKY = PUBLISHED.replace({"engine.mrg.nap.density_S_per_cm2": 0.1})


@cache
def table() -> Regrown:
    return regrown(34.0)


@pytest.mark.parametrize(("factor", "sheath"), [(0.24, 1.0), (0.33, 0.6), (0.5, 0.9)])
def test_the_table_of_regrown_fibres_agrees_with_the_engine(factor: float, sheath: float) -> None:
    d = np.array([2.5, 4.5, 6.5, 8.5, 10.5, 13.0])
    run = simulate(
        fibres(d, factor, sheath), pulse(node=1, amplitude_nA=5.0, start_ms=0.05, width_ms=0.1),
        duration_ms=8.0, dt_ms=0.0025, temperature_C=34.0,
    )  # fmt: skip
    way = (LAST - FIRST) * factor * mrg.spacing_um(d, table().healthy.constants) / 1000
    true = way / (run.spike_ms[:, LAST] - run.spike_ms[:, FIRST])
    mine = table().velocity(d, np.full(6, factor), np.full(6, sheath))
    print(f"internodes x{factor}, lamellae x{sheath}: table {mine.round(1)}, engine at 2.5 us "
          f"{true.round(1)} m/s")  # fmt: skip
    assert mine == pytest.approx(true, rel=0.05)


def test_short_internodes_are_those_of_the_compartments() -> None:
    size, factor = mrg.geometry(np.array([9.0])), 0.3
    short = fibres(np.array([9.0]), factor, 1.0).model.geometry
    assert short is not None
    one = compartments(short(np.array([9.0])), 5, mrg.AXON)
    other = compartments(size, 5, mrg.AXON, Injury(length_factor=np.full((1, 4), factor)))
    for name in ("axolemma_nF", "myelin_nF", "inner_uS", "outer_uS"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-12), name


def test_a_whole_fibre_is_a_healthy_one_and_less_of_anything_is_slower() -> None:
    d = np.linspace(3, 14, 12)
    one = np.ones(12)
    assert table().velocity(d, one, one) == pytest.approx(table().healthy.velocity(d), rel=1e-12)
    by_length = [table().with_internodes(d, um, 1.0) for um in (200.0, 300.0, 500.0, 2000.0)]
    by_sheath = [table().with_internodes(d, 300.0, s) for s in (0.3, 0.6, 1.0)]
    by_calibre = table().with_internodes(d, 300.0, 1.0)
    assert np.all(np.diff(by_length, axis=0)[:2][:, d > 7] > 0)
    assert by_length[3] == pytest.approx(table().healthy.velocity(d))
    assert np.all(np.diff(by_sheath, axis=0) > 0) and np.all(np.diff(by_calibre) > 0)


def test_both_numbers_change_the_velocity_and_may_differ_between_twins() -> None:
    plain, calibre = conduction(34.0), np.full((2, 3), 8.0)
    usual = velocity_regrown(calibre, plain, PUBLISHED)
    for name, values in {"internode_um": [250.0, 850.0], "sheath_fraction": [0.6, 1.1]}.items():
        key = f"conduction.regrown.{name}"
        apart = velocity_regrown(calibre, plain, PUBLISHED.replace({key: values}))
        assert np.all(apart[0] < usual[0]) and np.all(apart[1] > usual[1])


def test_nothing_is_kept_of_what_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TINEL_CACHE", str(tmp_path))
    with pytest.raises(TinelError, match="temperature_C is 60"):
        regrown(60.0)
    assert not list(tmp_path.rglob("*.npz"))

    def refusing(*given: object, **more: object) -> None:
        raise TinelError("level_mV is out of range")

    assert not np.isfinite(_time_ms(0.1, 0.25, 34.0, LEAKY)).any()
    monkeypatch.setattr("tinel.cable.conduction.regrown.simulate", refusing)
    with pytest.raises(TinelError, match="level_mV"):
        _time_ms(1.0, 1.0, 34.0, None)


def fraction(calibre: float, internode_um: float = INTERNODE) -> Floats:
    """Velocity of regrown over that of healthy fibres, of those that set a nerve's velocity."""
    d = np.array([10.0, 11.0, 12.0])
    return table().with_internodes(d * calibre, internode_um, SHEATH) / table().healthy.velocity(d)


@pytest.mark.truth
def test_velocity_after_suture_is_that_of_people() -> None:
    """Means over the months, as the paper has them; not what the internode was set by."""
    median, ulnar = (
        sensory_velocity(nerve, (456.0, 730.0, 1220.0)) for nerve in ("median", "ulnar")
    )
    for nerve, seen, published in (("median", median, 80), ("ulnar", ulnar, 70)):
        # Ballantyne and Campbell 1973 (abstract read): from 15 months on, 20 repairs at the wrist.
        print(f"{nerve}: {seen.round(0)} % of healthy after 15, 24 and 40 months ({published})")
        assert np.all(np.diff(seen) > 0)
        assert seen.mean() == pytest.approx(published, abs=10)


@pytest.mark.truth
@pytest.mark.xfail(strict=True, reason="65 % after 15 months and 76 % after 40 computed; 45 to 60 "
                   "and 65 to 75 published")  # fmt: skip
def test_velocity_after_suture_rises_as_in_the_three_it_was_set_by() -> None:
    # Buchthal and Kühl 1979, doi:10.1136/jnnp.42.5.436 (abstract read): 10 to 25 % at first, 3 %
    # more a month for two years, 65 to 75 % after 40 months.
    seen = sensory_velocity("median", (456.0, 1220.0))
    print(f"{seen.round(0)} % of healthy after 15 and 40 months (45 to 60, 65 to 75)")
    assert 45 <= seen[0] <= 60
    assert 65 <= seen[1] <= 75


def sensory_velocity(nerve: str, days: tuple[float, ...]) -> Floats:
    """Median velocity from finger to wrist over the healthy one after a suture there, percent."""
    arm = build(nerve, side="right", twins=some(range(40)))
    wrist = next(m for m in arm.landmarks if m.name == "wrist")
    cut = lesion.laceration.make(arm, wrist.branch, site_mm=wrist.position_mm, fraction=1.0)
    sewn = course.follow(arm, cut, treatment.plan("suture", [{"treatment": "repair", "day": 1}]))
    laboratory = set_up(arm)
    study = {"median": "median sensory (digit 2)", "ulnar": "ulnar sensory (digit 5)"}[nerve]

    def velocity(limb: Limb) -> Floats:
        found = examine(limb, laboratory, ["sensory conduction"]).of(study, "velocity")
        assert found is not None
        return found.values

    before = velocity(healthy(arm))
    after = [velocity(laboratory.limb(sewn, day)) for day in days]
    return np.array([100 * np.nanmedian(one / before) for one in after])


@cache
def grafted(nerve: str) -> tuple[Floats, Floats]:
    """Motor velocity over the healthy one, in percent, and finger responses two years after."""
    arm = build(nerve, side="right", twins=some(range(60), age=30, sex="male", height_cm=175))
    mark = next(m for m in arm.landmarks if m.name == "mid-forearm")
    cut = lesion.laceration.make(arm, mark.branch, site_mm=mark.position_mm, fraction=1.0)
    step = {"treatment": "graft", "day": 120, "gap_mm": 50.0}
    sewn = course.follow(arm, cut, treatment.plan("graft", [step]))
    laboratory = set_up(arm)
    motor, site, finger = {
        "median": ("median motor (APB)", "antecubital fossa to wrist", "median sensory (digit 2)"),
        "ulnar": ("ulnar motor (FDI)", "below elbow to wrist", "ulnar sensory (digit 5)"),
    }[nerve]

    def velocity(limb: Limb) -> Floats:
        found = examine(limb, laboratory, ["motor conduction"]).of(motor, "velocity", site)
        assert found is not None
        return found.values

    then = laboratory.limb(sewn, 850.0)
    felt = examine(then, laboratory, ["sensory conduction"]).of(finger, "amplitude")
    assert felt is not None
    return 100 * velocity(then) / velocity(healthy(arm)), felt.values


@pytest.mark.truth
def test_grafts_of_the_forearm_conduct_as_those_of_people() -> None:
    # Tallis et al. 1978, doi:10.1136/jnnp.41.8.677 (abstract read): 16 sural grafts of median and
    # ulnar nerves, after two years mostly 40 to 85 % of the motor velocity of the other side;
    # after 18 months a sensory response in 44 % (7 of 16: 20 to 70 %). Gap and delay are not told.
    both = [grafted(nerve) for nerve in ("median", "ulnar")]
    velocity = np.concatenate([v[np.isfinite(v)] for v, _ in both])
    within = 100 * float(np.mean((velocity >= 40) & (velocity <= 85)))
    seen = 100 * float(np.mean([np.mean(a > 0) for _, a in both]))
    print(f"motor velocity {np.percentile(velocity, (5, 50, 95)).round(0)} % of healthy")
    print(f"{within:.0f} % of twins in 40 to 85 % (most); sensory response in {seen:.0f} % (44)")
    assert within > 50
    assert 20 <= seen <= 70


@pytest.mark.truth
def test_velocity_after_crush_is_that_of_rats() -> None:
    # J Comp Neurol 1991 (abstract read): rat peroneal crush, 80 days, velocity 20 to 25 % down.
    seen = fraction(PUBLISHED.scalar("course.maturity.end_whole"))
    print(f"calibre after a crush: velocity {seen.round(2)} of healthy (0.75 to 0.80)")
    assert np.all((seen > 0.7) & (seen < 0.85))


@pytest.mark.truth
def test_calibres_that_differ_disperse_the_response() -> None:
    """Cat after crush with constriction: smaller fibres, dispersed and lower potential."""
    rng, way_mm = np.random.default_rng(1), 300.0
    healthy = np.clip(rng.normal(9.0, 1.5, 400), 4, 14)
    grown = np.clip(healthy * rng.normal(0.8, 0.12, 400), 2, 14)
    whole = way_mm / table().healthy.velocity(healthy)
    regrown_ms = way_mm / table().with_internodes(grown, INTERNODE, SHEATH)
    spread = [float(np.std(t)) for t in (whole, regrown_ms)]
    print(f"arrivals over 300 mm spread by {spread[0]:.2f} ms healthy, {spread[1]:.2f} ms regrown")
    assert spread[1] > 1.5 * spread[0]
