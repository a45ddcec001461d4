"""The force at which an examiner calls a muscle MRC 1, 2, 3, 4 or 5.

Grade 3 has a floor: the force that lifts the limb, from its weight and the largest torque of the
movement. What examiners call 3 and 4 was measured far above that floor, and a loss of some tenths
escapes them at grade 5. Where a muscle is stronger than its antagonist by far, the hand that
resists both asks for the antagonist's torque. Examiners differ, so each twin has one of its own for
every movement. Muscles of other nerves may help a movement: then a muscle that does little may
still be graded 3, once it is felt to contract.
"""

from __future__ import annotations

import numpy as np

from tinel.evidence import Parameters
from tinel.exam.limb import Floats
from tinel.twins import Twins

GRAVITY_m_per_s2 = 9.81
# the piece of the body that a movement lifts
LIFTED = {
    "shoulder abduction": "whole_arm",
    "shoulder flexion": "whole_arm",
    "shoulder external rotation": "forearm_and_hand",
    "shoulder shrug": "hanging_arm",
    "elbow flexion": "forearm_and_hand",
    "elbow extension": "forearm_and_hand",
    "forearm pronation": "turned_hand",
    "wrist extension": "hand",
    "wrist flexion": "hand",
    "finger extension": "finger",
    "finger flexion": "finger",
    "finger abduction": "finger",
    "thumb abduction": "thumb",
    "thumb extension": "thumb",
    "thumb flexion": "thumb",
    "hip flexion": "whole_leg",
    "hip adduction": "whole_leg",
    "knee extension": "lower_leg_and_foot",
    "knee flexion": "lower_leg_and_foot",
    "ankle dorsiflexion": "foot",
    "ankle eversion": "foot",
    "ankle plantar flexion": "foot",
    "toe extension": "toe",
    "toe flexion": "toe",
}
WEIGHTLESS = ("face", "vocal fold")
MOVEMENTS = (*LIFTED, *WEIGHTLESS)
SMALL_OF_THE_HAND = ("finger abduction", "thumb abduction")
STRONGER_THAN_AN_ARM = (
    "hip flexion",
    "hip adduction",
    "knee extension",
    "ankle plantar flexion",
)
# one hand resists both ways on the same lever, and asks the stronger for the torque of the weaker
RESISTED_AS = {
    "ankle plantar flexion": "ankle dorsiflexion",
    "knee extension": "knee flexion",
}
FINER = {4 - 1 / 3: "4-", 4.0: "4", 4 + 1 / 3: "4+"}  # how much resistance a 4 overcomes


def floor(movement: str, parameters: Parameters) -> Floats:
    """The least fraction of healthy force that lifts the limb, ``()`` or ``(n_twin,)``.

    Args:
        movement: one of ``MOVEMENTS``; anything else is taken as unnamed.
        parameters: with the tables ``strength.segment`` and ``strength.torque``.

    Source:
        Mass of the piece times gravity times the distance of its centre, over the largest torque.

    Example:
        >>> p = Parameters.of_evidence()
        >>> [round(float(floor(m, p)), 2) for m in ("elbow flexion", "shoulder abduction")]
        [0.04, 0.18]
    """
    if movement not in LIFTED:
        what = "weightless" if movement in WEIGHTLESS else "unnamed"
        return np.asarray(parameters.per_twin(f"strength.floor.{what}"))
    piece = f"strength.segment.{LIFTED[movement]}"
    weight_N = GRAVITY_m_per_s2 * np.asarray(parameters.per_twin(f"{piece}.mass_kg"))
    load_N_m = weight_N * np.asarray(parameters.per_twin(f"{piece}.centre_mm")) / 1000
    return np.asarray(np.minimum(load_N_m / _torque_N_m(movement, parameters), 1.0))


def resisted(movement: str, parameters: Parameters) -> Floats:
    """Force with which a hand resists a grade, over that of the other movements, 0 to 1.

    Args:
        movement: one of ``MOVEMENTS``; 1 for all but those in ``RESISTED_AS``.
        parameters: with the table ``strength.torque``.

    Source:
        A hand resists every muscle group but the plantar flexors (Lunsford & Perry 1995, abstract
        read); knee extensors graded 4 may have a tenth of their force (Clin Rehabil 1997;11:36,
        abstract read). That the torque is the antagonist's is an assumption.

    Example:
        >>> p = Parameters.of_evidence()
        >>> [round(float(resisted(m, p)), 2) for m in ("ankle plantar flexion", "elbow flexion")]
        [0.29, 1.0]
    """
    if movement not in RESISTED_AS:
        return np.asarray(1.0)
    weaker = _torque_N_m(RESISTED_AS[movement], parameters)
    return np.asarray(np.minimum(weaker / _torque_N_m(movement, parameters), 1.0))


def _torque_N_m(movement: str, parameters: Parameters) -> Floats:
    return np.asarray(parameters.per_twin(f"strength.torque.{movement.replace(' ', '_')}_N_m"))


def synergists(nerve: str, muscle: str, parameters: Parameters) -> Floats:
    """Fraction of a movement's healthy force that muscles of other nerves do, 0 to 1.

    Args:
        nerve, muscle: their names; 0 where ``strength.synergists`` has no number for the two.
        parameters: the numbers in use.

    Example:
        >>> p = Parameters.of_evidence()
        >>> float(synergists("axillary", "deltoid", p)) > 0.1, float(synergists("ulnar", "x", p))
        (True, 0.0)
    """
    key = f"strength.synergists.{nerve}_{muscle}".replace(" ", "_")
    return np.asarray(parameters.per_twin(key) if key in parameters.numbers else 0.0)


def edges(
    movement: str,
    parameters: Parameters,
    examiner: float | Floats = 1.0,
    others: float | Floats = 0.0,
) -> Floats:
    """Fractions of healthy force at which MRC 1 to 5 begin, ``(5,)`` or ``(n_twin, 5)``.

    Args:
        movement: one of ``MOVEMENTS``; anything else is taken as unnamed.
        parameters: with the tables of ``strength``.
        examiner: factor on the force at which this examiner places a grade, above 0,
            ``(n_twin,)``; 1 for the usual one. One who asks for more also misses less.
        others: fraction of the movement's force that other nerves' muscles do, from
            ``synergists``; the edges from grade 3 on are then of the movement.

    Returns:
        Rising along the last axis; grade 3 never below ``floor``, grade 5 never above 1.

    Example:
        >>> edges("elbow flexion", Parameters.of_evidence()).round(3).tolist()
        [0.002, 0.012, 0.17, 0.47, 0.85]
    """
    lifts = floor(movement, parameters)
    hand, strong = movement in SMALL_OF_THE_HAND, movement in STRONGER_THAN_AN_ARM
    flicker, friction, practice, lowest, fourth, missed = (
        np.asarray(parameters.per_twin(f"strength.{key}"))
        for key in (
            "mrc1.force",
            "mrc2.friction",
            "mrc3.practice",
            "mrc3.measured",
            "mrc4.hand_force" if hand else "mrc4.force",
            "mrc5.missed_strong" if strong else "mrc5.missed",
        )
    )
    by_hand = resisted(movement, parameters)
    if hand:  # a finger's weaker opponent is another finger, at grade 3 as at grade 4
        by_finger = fourth / np.asarray(parameters.per_twin("strength.mrc4.force"))
        lowest = lowest * np.minimum(by_finger, 1.0)
    lowest, fourth = lowest * by_hand, fourth * by_hand
    fifth = 1.0 - np.minimum(missed / examiner, 1.0)
    third = np.maximum(lifts, lifts ** (1.0 - practice) * lowest**practice * examiner)
    third = np.minimum(third, 1.0)
    fifth = np.maximum(fifth, third)
    fourth = np.clip(fourth * examiner, third, fifth)
    second = np.minimum(friction * lifts * examiner, third)
    first = np.minimum(flicker * examiner, second)
    # from the force of the movement to that of the muscle
    third, fourth, fifth = (
        np.maximum((edge - others) / (1.0 - others), second) for edge in (third, fourth, fifth)
    )
    return np.stack(np.broadcast_arrays(first, second, third, fourth, fifth), axis=-1)


def examiner(twins: Twins, movement: str) -> Floats:
    """The factor of each twin's examiner for a movement, ``(n_twin,)``; 1 is the usual one.

    Example:
        >>> from tinel.twins import Patient
        >>> few = Twins(Patient(age=40, sex="female", height_cm=165), range(400))
        >>> round(float(np.log(examiner(few, "elbow flexion")).std()), 1)
        0.3
    """
    spread = twins.each("strength.examiner.spread")
    return np.exp(spread * twins.normal(f"exam.examiner.{movement}", 1)[:, 0])


def mrc_grade(
    force: Floats,
    movement: str,
    parameters: Parameters,
    examiner: float | Floats = 1.0,
    others: float | Floats = 0.0,
) -> Floats:
    """The MRC grade of a fraction of healthy force, 0 to 5, shape of ``force``.

    Args:
        force: ``(n_twin, ...)``, 0 to 1.
        movement, parameters, examiner, others: as in ``edges``.

    Example:
        >>> p = Parameters.of_evidence()
        >>> mrc_grade(np.array([0.0, 0.05, 0.2, 0.7, 1.0]), "elbow flexion", p).tolist()
        [0.0, 2.0, 3.0, 4.0, 5.0]
        >>> mrc_grade(np.array([0.05]), "ankle dorsiflexion", p).tolist()
        [2.0]
    """
    begin = _beside(edges(movement, parameters, examiner, others), force)
    mrc = np.zeros(np.shape(force))
    for edge in begin:
        mrc += (force >= edge) & (force > 0)
    return mrc


def finer_grade(
    force: Floats,
    movement: str,
    parameters: Parameters,
    examiner: float | Floats = 1.0,
    others: float | Floats = 0.0,
) -> Floats:
    """The MRC grade with 4-, 4 and 4+ as 3.67, 4 and 4.33; the rest as in ``mrc_grade``.

    Nobody has published at what force an examiner writes a sign behind a 4; the band of grade 4
    is cut into three equal parts.

    Example:
        >>> p = Parameters.of_evidence()
        >>> found = finer_grade(np.array([0.3, 0.5, 0.7, 0.8, 0.9]), "elbow flexion", p)
        >>> [finer_name(one) for one in found]
        ['3', '4-', '4', '4+', '5']
    """
    _, _, _, fourth, fifth = _beside(edges(movement, parameters, examiner, others), force)
    mrc = mrc_grade(force, movement, parameters, examiner, others)
    third = (fifth - fourth) / 3
    up = (force >= fourth + third) * 1.0 + (force >= fifth - third)
    return np.where(mrc == 4, np.array(list(FINER))[up.astype(int)], mrc)


def finer_name(mrc: float) -> str:
    """A finer MRC grade as it is written: ``4-`` for 3.67.

    Example:
        >>> finer_name(4.0), finer_name(3.0)
        ('4', '3')
    """
    return FINER.get(mrc, f"{mrc:g}")


def _beside(begin: Floats, force: Floats) -> Floats:
    """Edges with their grade first, and then in a form that broadcasts over ``force``."""
    first = np.moveaxis(begin, -1, 0)
    return first if first.ndim == 1 else first.reshape(5, -1, *[1] * (np.ndim(force) - 1))
