"""How often a patient who fits the story is said not to, and how often one who does not is found.

Findings of simulated patients are changed as mistakes and other diseases change them, and judged
by the same measures as those of a patient's case file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinel.case.observed import State
from tinel.checks.calibration import found_in
from tinel.checks.sample import Sample, healthy_of
from tinel.checks.stories import BEDSIDE, CONDUCTION, FURTHER, NEEDLE, STUDIED, Known
from tinel.evidence import Parameters
from tinel.exam.limb import Floats
from tinel.infer.fit import Agreement, agreement_of, log_likelihoods, surprises
from tinel.infer.term import Term
from tinel.progress import Progress, silent

FITTING = "none: the patient fits"
# sizes of what is planted: chosen here, for a clear case of each
SLOWED, SHRUNK = 0.75, 0.3
Found = list[Floats]
Places = frozenset[int]


@dataclass(frozen=True)
class Alarms:
    """What came of one planted misfit in the patients of one story.

    Args:
        nerve: of the story.
        misfit: in words.
        patients: how many.
        alarms: for how many the story was said not to fit.
        named: in how many of these a changed finding was the one that fits least.
    """

    nerve: str
    misfit: str
    patients: int
    alarms: int
    named: int


def alarms(
    twins: Sample, patients: Sample, cold: Sample, seed: int = 12, progress: Progress = silent
) -> tuple[Alarms, ...]:
    """Alarms in patients of one story, by what was planted in their findings.

    Args:
        twins: of the story.
        patients: of the same story, with draws of another seed.
        cold: patients whose limb was cold, and written down as warm.
        seed: of the errors.
        progress: called with how far it is.
    """
    rng = np.random.default_rng([seed, 2])
    used = twins.known(Known(STUDIED, (BEDSIDE, CONDUCTION, NEEDLE, FURTHER)))
    usual: dict[tuple[bool, ...], Agreement] = {}
    rows = []
    for misfit, make in _MISFITS.items():
        found, changed = make(cold if misfit.startswith("a cold") else patients, rng)
        n, raised, named = len(found[0]), 0, 0
        for k in range(n):
            if k % 10 == 0:
                progress(k, n, f"{twins.story.nerve}: {misfit}")
            told = [_told(twins.terms[j], float(found[j][k])) for j in used]
            alarm, worst = _judged(twins, used, told, usual, rng, misfit != FITTING)
            raised += alarm
            named += alarm and used[worst] in changed
        rows.append(Alarms(twins.story.nerve, misfit, n, raised, named))
    return tuple(rows)


def _told(term: Term, value: float) -> Term:
    # as a case file has it: a response that is not there has no value
    state: State = "absent" if np.isnan(value) else "value"
    return replace(term, seen=replace(term.seen, state=state, low=value, high=value))


def _judged(
    twins: Sample,
    used: Sequence[int],
    told: Sequence[Term],
    usual: dict[tuple[bool, ...], Agreement],
    rng: np.random.Generator,
    name_it: bool,
) -> tuple[bool, int]:
    shown = [twins.shown[j] for j in used]
    pattern = tuple(term.seen.state == "absent" for term in told)
    if pattern not in usual:
        usual[pattern] = agreement_of(told, shown, rng)
    chance = usual[pattern].chance(log_likelihoods(told, shown))
    alarm = chance <= Parameters.of_evidence().scalar("finding.fit.false_alarm")
    if not (alarm and name_it):
        return alarm, 0
    each = [one.probability for one in surprises(told, shown, rng)]
    return alarm, int(np.argmin(each))


def _fitting(patients: Sample, rng: np.random.Generator) -> tuple[Found, Places]:
    return found_in(patients, rng), frozenset()


def _polyneuropathy(patients: Sample, rng: np.random.Generator) -> tuple[Found, Places]:
    found, changed = found_in(patients, rng), set()
    for k, term in enumerate(patients.terms):
        if term.seen.test.endswith("conduction"):
            slow = term.seen.quantity == "velocity"
            found[k] = found[k] * (SLOWED if slow else SHRUNK)
            changed.add(k)
    return found, frozenset(changed)


def _two_lesions(patients: Sample, rng: np.random.Generator) -> tuple[Found, Places]:
    found = found_in(patients, rng)
    spared = _of_spared(patients)
    for k in spared:  # a second lesion above the muscle that this one spares
        found[k] = np.minimum(found[k], 1.0)
    return found, spared


def _cold(patients: Sample, rng: np.random.Generator) -> tuple[Found, Places]:
    conducted = {k for k, t in enumerate(patients.terms) if t.seen.test.endswith("conduction")}
    return found_in(patients, rng), frozenset(conducted)


def _swapped(patients: Sample, rng: np.random.Generator) -> tuple[Found, Places]:
    found = found_in(patients, rng)
    sides = {k: j for k, j in healthy_of(patients).items() if _day(patients, k) == STUDIED}
    for here, there in sides.items():
        found[here], found[there] = found[there], found[here]
    return found, frozenset(sides) | frozenset(sides.values())


def _anomalous(patients: Sample, rng: np.random.Generator) -> tuple[Found, Places]:
    found = found_in(patients, rng)
    muscle = patients.story.muscles[0]
    changed = frozenset(
        k
        for k, t in enumerate(patients.terms)
        if t.seen.subject == muscle and t.seen.last_day <= STUDIED
    )
    normal = {"MRC grade": 5.0, "recruitment": 4.0, "fibrillations": 0.0}
    for k in changed:  # another nerve supplies it
        found[k] = np.full(patients.n, normal[patients.terms[k].seen.quantity])
    return found, changed


def _wrong_muscle(patients: Sample, rng: np.random.Generator) -> tuple[Found, Places]:
    found = found_in(patients, rng)
    changed = frozenset(k for k in patients.elsewhere if _day(patients, k) == STUDIED)
    for k in changed:
        found[k] = patients.terms[k].drawn([patients.elsewhere[k]], rng)
    return found, changed


def _of_spared(patients: Sample) -> Places:
    spared = patients.story.spared
    return frozenset(k for k, t in enumerate(patients.terms) if t.seen.subject == spared)


def _day(patients: Sample, k: int) -> float:
    return patients.terms[k].seen.last_day


_MISFITS: Mapping[str, Callable[[Sample, np.random.Generator], tuple[Found, Places]]] = {
    FITTING: _fitting,
    "a polyneuropathy: all nerves slow, responses small, other side too": _polyneuropathy,
    "a second lesion higher up: the spared muscle is paralysed too": _two_lesions,
    "a cold limb, written down as warm": _cold,
    "sides swapped in the conduction studies": _swapped,
    "anomalous innervation: another nerve supplies the muscle": _anomalous,
    "the needle in a muscle that the injury spares": _wrong_muscle,
}
