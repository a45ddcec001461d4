"""Symptoms as a person would tell them on that day, for the whole limb.

What was done against pain counts from its day on. See ``tinel.symptom``.
"""

from __future__ import annotations

from collections.abc import Sequence

from tinel.exam.examination import Visit
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.measure import Measure, percent
from tinel.exam.measurement import Value
from tinel.exam.test import Test
from tinel.nerve.anatomy import Nerve, Target
from tinel.symptom import meaning
from tinel.symptom.scale import HARDLY, NONE, words_of_ten
from tinel.symptom.symptoms import OF_TEN, UNITS, symptoms

LIMB = "limb"
ASKED = ("pain", "tingling", "allodynia", "numbness", "cramps", "weakness", "loss of balance")
OF_TEN_WORDS = words_of_ten()


def whole_limb(nerve: Nerve) -> Sequence[Target]:
    """The limb as a whole, of which a person is asked."""
    end = max(t.path_mm for t in nerve.targets)
    return (Target(LIMB, LIMB, nerve.branches[0].name, end, end),)


def asked(limb: Limb, subject: Target, laboratory: Laboratory) -> tuple[Value, ...]:
    """Every symptom of the day, of 10 or in percent."""
    return tuple(Value(name, UNITS[name], felt) for name, felt in symptoms(limb).items())


def sentence(told: dict[str, float]) -> str:
    """One sentence on what is felt; what is not felt is left out.

    Example:
        >>> sentence({"pain": 4.2, "tingling": 0.1, "numbness": 80.0})
        'Moderate pain (4 of 10), most feeling lost (80 %).'
        >>> sentence({"pain": 0.0})
        'No symptom.'
    """
    lost = {"numbness": "feeling", "weakness": "force", "wasting": "bulk"}
    said = []
    for name, value in told.items():
        word = meaning(name, value)
        if word in (NONE, HARDLY):
            continue
        if UNITS[name] == OF_TEN:
            called = "pain from touch" if name == "allodynia" else name
            said.append(f"{word} {called} ({value:.0f} of 10)")
        else:
            said.append(f"{word} {'of the ' if word == 'a good part' else ''}{lost[name]} lost "
                        f"({value:.0f} %)")  # fmt: skip
    if not said:
        return "No symptom."
    text = ", ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def sentences(subject: Target, visits: Sequence[Visit], other_side: Visit) -> list[str]:
    """One sentence per visit; empty where nobody asked."""
    said = []
    for visit in visits:
        found = {name: visit.examination.value(LIMB, name) for name in ASKED}
        told = {name: value for name, value in found.items() if value is not None}
        said.append(sentence(told) if told else "")
    return said


TEST = Test(
    name="symptoms",
    other_names=("pain", "complaints"),
    text="Ask how much it hurts, tingles, burns, is numb, cramps or is weak.",
    source="firing of torn axons in the mouse, PMC2343086; how it is felt is assumed",
    subjects=whole_limb,
    examine=asked,
    interpret=sentences,
    title="Symptoms (as this twin would tell them; people differ widely in pain)",
    shown=(*ASKED, "wasting"),
    measures=tuple(
        Measure(name, unit, 0, 10, (), (), OF_TEN_WORDS, states=())
        if unit == OF_TEN
        else percent(name, unit)
        for name, unit in UNITS.items()
    ),
)
