"""Two accounts of a drug against pain: what it does to a fibre, and what trials counted."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from tinel.evidence.files import entries
from tinel.evidence.number import Number
from tinel.treatment.pain.effect import Effect, effect
from tinel.treatment.pain.library import remedy

NODES, INJURED, STIMULATED, WATCHED = 31, slice(12, 18), 1, 25
# One impulse begins the firing; block settles, impulses are counted, and one more is sent.
BEGUN_ms, SETTLED_ms, SENT_ms, ENDS_ms, STEP_ms = 1.0, 40.0, 80.0, 90.0, 0.01
PASSES_WITHIN_ms = 3.0
PULSE_nA, SPIKE_mV = 5.0, -30.0


@dataclass(frozen=True)
class Firing:
    """What a drug does to a fibre whose injured nodes fire by themselves.

    Args:
        drug: its name in the engine.
        concentration_uM: at the membrane of the injured nodes. Not a dose.
        without_Hz, with_Hz: impulses that the injury sends, without and with the drug.
        passes: whether an impulse from beyond still crosses the bathed nodes.
    """

    drug: str
    concentration_uM: float
    without_Hz: float
    with_Hz: float
    passes: bool


@dataclass(frozen=True)
class Account:
    """Both accounts of one remedy.

    Args:
        name: of the remedy.
        firing: the engine's; None where no channel of the engine is the target.
        after_injury, in_general: the trials', for pain after injuries and nerve pain in general.
    """

    name: str
    firing: Firing | None
    after_injury: Effect
    in_general: Effect

    @property
    def says(self) -> str:
        """Both accounts, one plain sentence each."""
        if self.firing is None:
            fibre = f"The engine has no channel for it. {remedy(self.name).acts_on}"
        else:
            f = self.firing
            left = "no impulse" if f.with_Hz == 0 else f"{f.with_Hz:.0f} impulses a second"
            crosses = "still passes" if f.passes else "passes no more"
            fibre = (
                f"In a fibre whose injury sends {f.without_Hz:.0f} impulses a second, "
                f"{f.concentration_uM:g} µM of {f.drug} leaves {left}, and an impulse from beyond "
                f"{crosses}."
            )
        return f"{fibre} {_counted(self.after_injury)} {_counted(self.in_general)}"


def account(name: str) -> Account:
    """The fibre and the trials side by side; neither follows from the other.

    Args:
        name: of the remedy, one of ``known()``.

    Raises:
        TinelError: an unknown remedy.

    Example:
        >>> account("pregabalin").firing is None
        True
    """
    bath = remedy(name).bath
    fired = firing(bath.drug, bath.concentration_uM) if bath else None
    return Account(name, fired, effect(name), effect(name, "nerve pain"))


@cache
def firing(drug: str, concentration_uM: float) -> Firing:
    """What a concentration of a drug does to a fibre that fires by itself.

    Args:
        drug: name of a drug of the engine.
        concentration_uM: at the membrane of the injured nodes, 0 or more. Not a dose.

    Raises:
        TinelError: an unknown drug, or a concentration out of range.
    """
    from tinel.cable.models import build as models
    from tinel.cable.simulate import simulate
    from tinel.cable.stimulation.stimulus import pulse

    numbers = ectopic()
    fibre = models.mrg(diameter_um=np.full(2, numbers["diameter"].value), nodes=NODES)
    hurt = fibre.shift_sodium(INJURED, left_shift_mV=numbers["left_shift"].value)
    levels = np.array([0.0, concentration_uM])
    run = simulate(
        hurt.bathe(drug, nodes=INJURED, concentration_uM=levels),
        [pulse(node=STIMULATED, amplitude_nA=PULSE_nA, start_ms=t) for t in (BEGUN_ms, SENT_ms)],
        duration_ms=ENDS_ms,
        dt_ms=STEP_ms,
        keep_nodes=(WATCHED,),
    )
    assert run.v_mV is not None  # a node is kept
    without, with_it = (crossings_ms(v) for v in run.v_mV[:, :, 0])
    after = with_it[(with_it > SENT_ms) & (with_it < SENT_ms + PASSES_WITHIN_ms)]
    return Firing(drug, concentration_uM, _rate_Hz(without), _rate_Hz(with_it), after.size > 0)


@cache
def ectopic() -> dict[str, Number]:
    """The numbers of the fibre that fires by itself, by their last word.

    Example:
        >>> ectopic()["left_shift"].unit
        'mV'
    """
    file = resources.files("tinel.treatment.pain").joinpath("ectopic.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {n.key.removeprefix("pain.ectopic."): n for n in entries("pain.ectopic", table)}


def crossings_ms(v_mV: NDArray[np.float64]) -> NDArray[np.float64]:
    """Times at which a potential rises through the level that counts as an impulse.

    Example:
        >>> crossings_ms(np.array([-80.0, 10.0, -80.0])).tolist()
        [0.0]
    """
    v = np.asarray(v_mV, dtype=float)
    rises = np.flatnonzero((v[:-1] < SPIKE_mV) & (v[1:] >= SPIKE_mV))
    return rises.astype(np.float64) * np.float64(STEP_ms)


def _rate_Hz(times_ms: NDArray[np.float64]) -> float:
    seen = (times_ms >= SETTLED_ms) & (times_ms < SENT_ms)
    return float(1000.0 * seen.sum() / (SENT_ms - SETTLED_ms))


def _counted(found: Effect) -> str:
    where = "After injuries" if found.pain == "post-traumatic" else "In nerve pain of any cause"
    if found.difference.value == 0:
        most = 100 * found.difference.high
        return (
            f"{where} no count of people shows that it helps more than placebo (set to zero; at "
            f"most {most:.0f} of 100 more)."
        )
    return (
        f"{where} {100 * found.on_it:.0f} of 100 have half the pain with it and "
        f"{100 * found.on_placebo:.0f} on placebo."
    )
