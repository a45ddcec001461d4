"""All symptoms of a nerve on one day, each with its unit."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.lesion.state import Floats
from tinel.symptom import balance, loss, muscle, pain
from tinel.symptom.today import OneDay

OF_TEN, PERCENT = "0 to 10", "% of normal lost"
PAIN, NUMBNESS = "pain", "numbness"


@dataclass(frozen=True)
class Quantity:
    """One symptom: its name, unit, and what it says in plain words."""

    name: str
    unit: str
    says: str


QUANTITIES = (
    Quantity(PAIN, OF_TEN, "how much it hurts on a usual day"),
    Quantity("pain on a bad day", OF_TEN, "one day in six is like this, or worse"),
    Quantity("pain on movement", OF_TEN, "when a movement stretches the nerve"),
    Quantity("pain on tapping", OF_TEN, "when the injured place or the growing tips are tapped"),
    Quantity("pain in the cold", OF_TEN, "in the cold"),
    Quantity("burning", OF_TEN, "the part of the pain that torn axons make by themselves"),
    Quantity("allodynia", OF_TEN, "pain from a light touch, where touch is felt"),
    Quantity("tingling", OF_TEN, "pins and needles on a usual day"),
    Quantity(NUMBNESS, PERCENT, "feeling that is lost, over all skin beyond the injury"),
    Quantity("cramps", OF_TEN, "cramps of muscles whose axons are damaged or newly back"),
    Quantity("weakness", PERCENT, "force that is lost, over the muscles beyond the injury"),
    Quantity("wasting", PERCENT, "bulk that is lost, over the muscles beyond the injury"),
    Quantity("loss of balance", OF_TEN, "unsteadiness because a foot does not feel the ground"),
)
UNITS = {one.name: one.unit for one in QUANTITIES}


def symptoms(today: OneDay) -> dict[str, Floats]:
    """Every symptom of ``QUANTITIES`` on one day, each ``(n_twin,)``.

    Args:
        today: an injured nerve, such as ``tinel.exam.limb.Limb``.

    Returns:
        0 to 10, or percent; exactly 0 where nothing is hurt.

    Example:
        >>> import tinel as tn
        >>> from tinel.exam.limb import healthy
        >>> few = tn.Twins(tn.Patient(age=40, sex="female", height_cm=165), range(2))
        >>> found = symptoms(healthy(tn.build("ulnar", side="left", twins=few)))
        >>> found["pain"].tolist(), len(found)
        ([0.0, 0.0], 13)
    """
    firing, felt = pain.Firing.of(today), pain.Felt.of(today)
    usual = felt.pain(pain.usual_firing(today, firing))
    found = {
        PAIN: usual,
        "pain on a bad day": pain.bad_day(today, usual),
        **pain.provoked(today, firing, felt),
        "burning": pain.burning(firing, felt),
        "allodynia": pain.allodynia(today, firing, felt),
        "tingling": pain.tingling(today, firing),
        NUMBNESS: 100.0 * loss.numb(today),
        "cramps": muscle.cramps(today),
        "weakness": 100.0 * muscle.weakness(today),
        "wasting": 100.0 * muscle.wasting(today),
        "loss of balance": balance.unsteadiness(today),
    }
    return {one.name: found[one.name] for one in QUANTITIES}
