"""Two injuries of one nerve as a file gives them: what is refused where it is read, and shown."""

from __future__ import annotations

import pytest
from test_two_places import HIP, arm, case_of

from tinel.case import Case, parse
from tinel.errors import TinelError
from tinel.flow import run
from tinel.report.first_screen import first_screen
from tinel.report.overview import overview

PATIENT = """
[patient]
sex = "male"
age = 30
height_cm = 178
limb_temperature_c = 32
"""
PLEXUS = """

[nerve]
name = "brachial plexus"
side = "right"

[cause]
kind = "traction"
procedure = "fall from a motorcycle"
branch = "{branch}"
site_mm = {site_mm}
length_mm = 20
strain_percent = 25
{beside}
[cause.second]
kind = "crush"
branch = "lateral cord"
site_mm = 230
length_mm = 20
{second}
[[exam]]
days = [3]
tests = ["strength"]
{arms}
[run]
twins = 2
"""


def plexus(
    branch: str = "lateral cord",
    site_mm: str = "190",
    beside: str = "",
    second: str = "",
    arms: str = "",
) -> Case:
    return parse(
        PATIENT
        + PLEXUS.format(branch=branch, site_mm=site_mm, beside=beside, second=second, arms=arms)
    )


def test_fibres_that_run_through_the_farther_one_alone_are_refused_where_it_is_read() -> None:
    with pytest.raises(TinelError) as told:
        plexus("upper trunk", "80")
    assert told.value.where.endswith("cause.second")
    for word in ("flexor carpi radialis", "lateral cord at 230 mm", "upper trunk at 80 mm"):
        assert word in told.value.message
    assert "biceps" in told.value.advice and "a case of its own" in told.value.advice
    assert plexus().cause.beyond is not None


def test_what_happened_beside_the_first_is_counted_where_it_ends() -> None:
    longer = '[cause.with]\nkind = "crush"\nlength_mm = {mm}\n'
    with pytest.raises(TinelError, match=r"cause\.second: may begin at 230 mm, .* 240 mm") as told:
        plexus(beside=longer.format(mm=50))
    assert "allowed: from 240 mm on" in told.value.advice
    plexus(beside=longer.format(mm=40))
    # and in the tails of a prior
    wide = longer.format(mm='{ low = 10, high = 39, why = "never measured" }')
    run(plexus(beside=wide), twins=40)


def test_a_transfer_may_follow_the_first_of_both_injuries() -> None:
    led = 'treatment = "nerve transfer"\nday = {day}\ntargets = "tibialis anterior"\n' + (
        "distance_mm = 60"
    )
    text = HIP.format(more="onset_days = 90\n", second="onset_days = 30\n", arms="{arms}")
    parse(text.replace("{arms}", arm(led.format(day=40))))
    with pytest.raises(TinelError, match=r"step\[1\].day: day 20 is before .* day 30"):
        parse(text.replace("{arms}", arm(led.format(day=20))))


def test_a_donor_is_no_nerve_whose_whole_trunk_either_injury_hurts() -> None:
    """The nearer one hurts a part of it, the farther one all."""
    text = """
[nerve]
name = "ulnar"
side = "right"
[cause]
kind = "crush"
procedure = "fall"
site_mm = 300
length_mm = 20
part = "first dorsal interosseous"
[cause.second]
kind = "crush"
site_mm = 500
length_mm = 20
{part}
[[exam]]
days = [3]
tests = ["strength"]
[[arm]]
name = "x"
[[arm.step]]
treatment = "nerve transfer"
day = 60
targets = "abductor digiti minimi"
distance_mm = 60
donor = "ulnar fascicle"
[run]
twins = 2
"""
    parse(PATIENT + text.format(part='part = "first dorsal interosseous"'))
    with pytest.raises(TinelError, match=r"step\[1\].donor: the ulnar nerve is the injured one"):
        parse(PATIENT + text.format(part=""))


def test_a_graft_that_reaches_the_second_injury_is_spoken_of() -> None:
    graft = 'treatment = "graft"\nday = 60\nat = "proximal"\ngap_mm = {mm}'
    for mm, told in (("60", "reaches over the distal injury"), ("45", "may end within")):
        notes = plexus(arms=arm(graft.format(mm=mm))).notes
        assert any("step[1].gap_mm" in note and told in note for note in notes)
    assert not any("distal injury" in n for n in plexus(arms=arm(graft.format(mm="30"))).notes)


def test_the_report_names_both_injuries() -> None:
    result = run(case_of(), twins=4)
    title = first_screen(result).title
    near, far = result.case.cause.phrase, result.case.cause.beyond.phrase
    assert title.endswith(f"{near}, and {far} beyond it")
    assert title in first_screen(result).letter
    beyond = dict(overview(result).facts)["Beyond it"]
    assert beyond == f"{far}; fibular neck (common fibular)"
    told = case_of().cause.beyond
    assert told is not None and told.branch == "common fibular"
