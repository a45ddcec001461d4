"""Strong stimuli: which of them fire, and where upper block begins, here and in NEURON.

``python -m benchmarks.peers.strong`` asks NEURON again (an hour of one core) and writes
``neuron_strong.json``, so that the comparison can also be made where NEURON is not.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers import NEURON, ask, compiled
from benchmarks.peers.families import Setup, lay
from tinel.cable.fibres.build import along_um
from tinel.cable.protocols.threshold import threshold
from tinel.cable.simulate import simulate
from tinel.cable.solvers.status import Status
from tinel.cable.stimulation.medium import point_source
from tinel.cable.stimulation.stimulus import Stimulus, pulse

Floats = NDArray[np.float64]
Case = dict[str, Any]

TABLE = Path(__file__).parent / "neuron_strong.json"
TIMES = (1.05, 3.0, 10.0, 100.0, 1000.0)  # threshold; 1.05, as thresholds agree within 1 %
DISTANCES_um, WIDTHS_ms = (50.0, 500.0, 4000.0), (0.02, 0.1, 1.0)
RUNGS = 24  # a decade, of the ladder on which the end of firing is looked for
DT_ms, TOLERANCE = 0.001, 0.005


@dataclass(frozen=True)
class Kind:
    """Fibres that are driven and watched alike."""

    setup: Setup
    fibres: tuple[tuple[str, float], ...]
    mechanisms: str = ""


_MYELINATED = dict(
    nodes=21, pushed=0, current_nA=0.0, current_ms=0.0, first=0, last=1, stimulated=10, watched=18,
    start_ms=0.05, duration_ms=1.05,
)  # fmt: skip
KINDS = (
    Kind(Setup(**_MYELINATED, settle_ms=200.0), (("MRG_INTERPOLATION", 10.0),)),
    Kind(
        Setup(**_MYELINATED, settle_ms=2000.0),
        (("GAINES_MOTOR", 10.0), ("GAINES_SENSORY", 10.0)), "gaines",
    ),
    Kind(
        Setup(
            nodes=121, pushed=0, current_nA=0.0, current_ms=0.0, first=0, last=1, stimulated=60,
            watched=108, start_ms=0.05, duration_ms=2.05, settle_ms=200.0,
        ),
        (("SUNDT", 0.8), ("TIGERHOLM", 0.8)),
    ),
)  # fmt: skip


def kind_of(model: str) -> Kind:
    """The kind a model belongs to."""
    return next(k for k in KINDS if model in dict(k.fibres))


def stimulus(case: Case, amplitude_mA: Floats, start_ms: float, unit: Floats) -> Stimulus:
    """Rows of one case at several amplitudes."""
    return pulse(
        start_ms=start_ms, width_ms=case["width_ms"], potential_mV=amplitude_mA[:, None] * unit
    )


def unit_mV(case: Case) -> Floats:
    """The medium's potential along the fibre at 1 mA, ``(1, n_place)``."""
    at = kind_of(case["model"]).setup
    along = along_um(lay(case["model"], np.array([case["diameter_um"]]), at.nodes))
    sections = (along.shape[1] - 1) // (at.nodes - 1)
    field = point_source(along[0], along[0, sections * at.stimulated], case["distance_um"])
    return case["sign"] * field[None]


def fires(
    case: Case, amplitude_mA: Floats, dt_ms: float | None = None, longer_ms: float = 0.0
) -> tuple[Any, Any]:
    """Whether each amplitude fires, and whether its status says that the step is too long."""
    at = kind_of(case["model"]).setup
    batch = lay(case["model"], np.full(len(amplitude_mA), case["diameter_um"]), at.nodes)
    run = simulate(
        batch, stimulus(case, amplitude_mA, at.start_ms, unit_mV(case)), dt_ms=dt_ms,
        duration_ms=at.duration_ms + case["width_ms"] + longer_ms, since_ms=case["since_ms"],
    )  # fmt: skip
    return np.isfinite(run.spike_ms[:, at.watched]), run.status == Status.TOO_LONG


def boundary_mA(case: Case, low: float, high: float, dt_ms: float | None = None) -> float | None:
    """The lowest amplitude from ``low`` to ``high`` above one that fires at which none does."""
    ladder = np.geomspace(low, high, max(3, round(RUNGS * np.log10(high / low)) + 1))
    found = None
    for wider in (1.01, 1.004, 1.002):
        said = fires(case, ladder, dt_ms)[0]
        ends = np.flatnonzero(said[:-1] & ~said[1:])
        if not len(ends):
            break
        under, over = ladder[ends[0]], ladder[ends[0] + 1]
        found = float(np.sqrt(under * over))
        # a little wider, as weaker amplitudes may be given a longer step
        ladder = np.geomspace(under / wider, over * wider, 9)
    return found


def cases() -> list[Case]:
    """All fibres and stimuli, with the amplitudes that are tried."""
    found = []
    for kind in KINDS:
        for model, diameter in kind.fibres:
            for sign in (-1, 1):
                for distance in DISTANCES_um:
                    for width in WIDTHS_ms:
                        case = dict(
                            model=model, diameter_um=diameter, sign=sign, distance_um=distance,
                            width_ms=width, since_ms=_since_ms(kind.setup, width),
                        )  # fmt: skip
                        found.append(case)
    return found


def _since_ms(setup: Setup, width_ms: float) -> float:
    # a spike passes the watched node after a short pulse; during a long one, whose polarisation
    # of the node then counts as well, in both programs alike
    return round(setup.start_ms + width_ms, 4) if width_ms < 0.5 else 0.0


def with_amplitudes(case: Case) -> Case:
    """The case with its amplitudes, multiples of Tinel's threshold, and where block is expected."""
    at = kind_of(case["model"]).setup
    fibre = lay(case["model"], np.array([case["diameter_um"]]), at.nodes)
    found = threshold(
        fibre, stimulus(case, np.ones(1), at.start_ms, unit_mV(case)), largest=1e5,
        watch=at.watched, arrival_ms=at.duration_ms - at.start_ms,
    )  # fmt: skip
    one = float(found.amplitude[0])
    if not np.isfinite(one):
        return {**case, "amplitude_mA": [], "boundary_mA": None}
    amplitude = [float(f"{one * t:.6g}") for t in TIMES]
    return {**case, "amplitude_mA": amplitude, "boundary_mA": block_mA(case, amplitude)}


def block_mA(case: Case, amplitude_mA: list[float]) -> float | None:
    """Where block begins; none where the spike only passes the node during the pulse, or later."""
    found = boundary_mA(case, amplitude_mA[0], amplitude_mA[-1])
    if found is None:
        return None
    at_any_time = fires({**case, "since_ms": 0.0}, np.array([1.03 * found]), longer_ms=3.0)
    return None if at_any_time[0][0] else found


def asked(kind: Kind, cases: list[Case], dt_ms: float) -> tuple[list[Case], dict[str, str]]:
    """What NEURON says of them, and versions."""
    said = ask(NEURON, dict(
        task="bands", setup=asdict(kind.setup), cases=cases, dt_ms=dt_ms, tolerance=TOLERANCE,
        mechanisms=compiled(kind.mechanisms) if kind.mechanisms else "",
    ))  # fmt: skip
    return said["result"], said["versions"]


def write() -> None:
    """Ask NEURON and write the table."""
    rows: list[Case] = []
    versions: dict[str, str] = {}
    for kind in KINDS:
        models = dict(kind.fibres)
        cases_of = [with_amplitudes(c) for c in cases() if c["model"] in models]
        said, versions = asked(kind, cases_of, DT_ms)
        rows += [{**case, **answer} for case, answer in zip(cases_of, said, strict=True)]
        brief = [r for r in rows if r["model"] in models and r["boundary_mA"] and is_brief(r)]
        again = [{**r, "amplitude_mA": [], "boundary_mA": r["boundary_mA"][0]} for r in brief]
        for row, half in zip(brief, asked(kind, again, DT_ms / 2)[0], strict=True):
            row["half_step_mA"] = half["boundary_mA"]
    TABLE.write_text(as_text(rows, versions))


def is_brief(case: Case) -> bool:
    """Whether NEURON's step is so long a part of the pulse that it has to be asked at half of it:
    its error is of first order."""
    return bool(case["width_ms"] < 0.05)


def as_text(rows: list[Case], versions: dict[str, str]) -> str:
    """The table, one case a line."""
    for row in rows:
        for name in ("boundary_mA", "half_step_mA"):
            if row.get(name):
                row[name] = [float(f"{x:.5g}") for x in row[name]]
    lines = ",\n".join(json.dumps(row) for row in rows)
    head = f'"conditions": {json.dumps(CONDITIONS)},\n"versions": {json.dumps(versions)}'
    return f'{{\n{head},\n"cases": [\n{lines}\n]\n}}\n'


CONDITIONS = (
    "NEURON at 1 us, backward Euler, two extracellular layers, all nodes active, 37 C. Point "
    "electrode in 0.3 S/m above the middle node, rectangle from 0.05 ms; sign -1 is a cathode. "
    f"amplitude_mA: {', '.join(f'{t:g}' for t in TIMES)} times Tinel's threshold. fires: -30 mV "
    "crossed upwards at the watched node after since_ms. boundary_mA: where block begins, an "
    f"amplitude that fires and one that does not, {100 * TOLERANCE:g} % apart; none where the "
    "spike only passes the node during the pulse, or later. half_step_mA: the same at 0.5 us."
)

if __name__ == "__main__":
    write()
