"""A named part of a nerve's cross-section: the fibres of a branch or of some targets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tinel.errors import TinelError, suggest
from tinel.lesion.state import Bools, Lesion
from tinel.nerve.anatomy import Nerve
from tinel.nerve.naming import plain
from tinel.nerve.way import Branch, Target, way

# Words that say "part of" and belong to no name.
_FILLING = re.compile(
    r"\b(?:the|half|part|portion|division|component|side|fibres?|fascicles?|of)\b"
)

# Words that say a place in a limb or a kind of fibre. Fascicles lie in no such order here, and a
# branch that has the word in its name, such as the anterior tibial nerve, is another thing.
_OF_PLACE = (
    "anterior posterior superior inferior upper lower medial lateral dorsal ventral palmar volar "
    "plantar superficial deep inner outer central peripheral proximal distal middle top bottom "
    "front back left right first second arm forearm leg"
)
_OF_KIND = "motor sensory cutaneous common terminal nerve trunk cord branch branches"
_NO_NAME = frozenset(f"{_OF_PLACE} {_OF_KIND}".split())


def targets_in(
    words: str, branches: Sequence[Branch], targets: Sequence[Target]
) -> tuple[str, ...]:
    """Names of the targets that a part of a nerve supplies.

    Args:
        words: names of branches and targets, separated by commas or ``and``; a branch may be
            called by a part of its name where none is called that as a whole, such as
            ``fibular half``. A muscle whose fibres run beside those of a branch before it begins
            (``Target.runs_with``) belongs to it.
        branches, targets: of the nerve.

    Raises:
        TinelError: a name that fits no branch and no target, or a word of place or kind alone
            (``anterior half``, ``motor fibres``) that is not the whole name of one.

    Example:
        >>> trunk, fibular = Branch("sciatic trunk", None, 0, 670), Branch("fibular",
        ...     "sciatic trunk", 670, 800)
        >>> foot = Target("tibialis anterior", "motor", "fibular", leaves_mm=790, path_mm=850)
        >>> knee = Target("semitendinosus", "motor", "sciatic trunk", leaves_mm=300, path_mm=400)
        >>> targets_in("the fibular half", (trunk, fibular), (foot, knee))
        ('tibialis anterior',)
    """
    found: dict[str, None] = {}
    for one in re.split(r",|\band\b", words.lower()):
        wanted = " ".join(_FILLING.sub(" ", one).split())
        unnamed = bool(wanted) and set(plain(wanted).split()) <= _NO_NAME
        by_branch = [b.name for b in branches if _is_called(wanted, b)]
        if not by_branch and not unnamed:
            by_branch = [b.name for b in branches if _is_part_of_name(wanted, b)]
        here = [t.name for t in targets if t.name.lower() in (wanted, one.strip())]
        for target in targets:
            steps = {step.name for step in way(tuple(branches), target)}
            if (steps | {target.runs_with}) & set(by_branch):
                here.append(target.name)
        if not here and unnamed:
            told = f"'{one.strip()}' says a place or a kind of fibre, not a branch or target"
            of = ", ".join(b.name for b in branches if b.parent is not None) or targets[0].name
            advice = f"give the side as 'from_degrees' where the cause has it, or name one of: {of}"
            raise TinelError(told, "part", advice)
        if not here:
            known = [*(b.name for b in branches), *(t.name for t in targets)]
            told = f"'{one.strip()}' is no branch or target of the nerve"
            raise TinelError(told, "part", suggest(one.strip(), known))
        found |= dict.fromkeys(here)
    return tuple(found)


def fibres_of(nerve: Nerve, words: str) -> Bools:
    """Fibres of a named part, ``(n_fibre,)``; all of them where no part is named.

    Args:
        nerve: healthy or not.
        words: as in ``targets_in``; empty for the whole nerve.

    Raises:
        TinelError: as ``targets_in``.
    """
    if not words:
        return np.ones(nerve.fibres.target.size, bool)
    names = targets_in(words, nerve.branches, nerve.targets)
    chosen = np.array([target.name in names for target in nerve.targets])
    fibres: Bools = chosen[nerve.fibres.target]
    return fibres


def only(lesion: Lesion, hurt: Bools) -> Lesion:
    """The same lesion where only some fibres are hurt; a lasting pressure reaches no other either.

    Args:
        lesion: of any cause.
        hurt: fibres that keep their injury, ``(n_fibre,)``.
    """
    if hurt.all():
        return lesion
    return replace(
        lesion,
        lamellae_left=np.where(hurt, lesion.lamellae_left, 1.0),
        cut_d=np.where(hurt, lesion.cut_d, np.inf),
        sunderland_grade=np.where(hurt, lesion.sunderland_grade, 0),
        susceptibility=np.where(hurt, lesion.susceptibility, 0.0),
        paranode_opening=np.where(hurt, lesion.paranode_opening, 0.0),
        block_d=np.where(hurt, lesion.block_d, 0.0),
    )


def _is_called(wanted: str, branch: Branch) -> bool:
    # "tibial" is the tibial nerve and not the anterior tibial, a branch of the fibular
    return bool(wanted) and plain(wanted) in map(plain, (branch.name, *branch.other_names))


def _is_part_of_name(wanted: str, branch: Branch) -> bool:
    names = (plain(name).split() for name in (branch.name, *branch.other_names))
    return bool(wanted) and branch.parent is not None and any(wanted in name for name in names)
