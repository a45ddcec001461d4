"""Tinel: a digital peripheral nerve, from lesion through time to examination.

Research and teaching software; no medical device and no advice for a person.

    import tinel as tn
    result = tn.run(tn.load("examples/tanya.toml"))
    result.to_dataframe()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tinel import electrodes, evidence, media, models, own, protocols
    from tinel.cable.protocols.threshold import threshold
    from tinel.cable.simulate import simulate
    from tinel.cable.stimulation.stimulus import alternating, pulse, train, waveform
    from tinel.case import Case, load
    from tinel.course import follow, state_at
    from tinel.errors import TinelError
    from tinel.exam.examination import examine
    from tinel.exam.laboratory import set_up as laboratory
    from tinel.flow import run
    from tinel.lesion.causes.compression import make as compression
    from tinel.lesion.causes.constriction import make as constriction
    from tinel.lesion.causes.laceration import make as laceration
    from tinel.lesion.causes.traction import make as traction
    from tinel.nerve import build
    from tinel.nerve.library import names as nerves
    from tinel.nerve.library import parameters
    from tinel.result import Result
    from tinel.treatment import known_treatments as treatments
    from tinel.treatment import plan
    from tinel.twins import Patient, Twins

# Where each public name is made. It is imported when first used, so that `import tinel` is quick.
_MADE_IN = {
    "Case": "tinel.case:Case",
    "Patient": "tinel.twins:Patient",
    "Result": "tinel.result:Result",
    "TinelError": "tinel.errors:TinelError",
    "Twins": "tinel.twins:Twins",
    "alternating": "tinel.cable.stimulation.stimulus:alternating",
    "build": "tinel.nerve:build",
    "compression": "tinel.lesion.causes.compression:make",
    "constriction": "tinel.lesion.causes.constriction:make",
    "electrodes": "tinel.electrodes",
    "evidence": "tinel.evidence",
    "examine": "tinel.exam.examination:examine",
    "follow": "tinel.course:follow",
    "laboratory": "tinel.exam.laboratory:set_up",
    "laceration": "tinel.lesion.causes.laceration:make",
    "load": "tinel.case:load",
    "media": "tinel.media",
    "models": "tinel.models",
    "nerves": "tinel.nerve.library:names",
    "own": "tinel.own",
    "parameters": "tinel.nerve.library:parameters",
    "plan": "tinel.treatment:plan",
    "protocols": "tinel.protocols",
    "pulse": "tinel.cable.stimulation.stimulus:pulse",
    "run": "tinel.flow:run",
    "simulate": "tinel.cable.simulate:simulate",
    "state_at": "tinel.course:state_at",
    "threshold": "tinel.cable.protocols.threshold:threshold",
    "traction": "tinel.lesion.causes.traction:make",
    "train": "tinel.cable.stimulation.stimulus:train",
    "treatments": "tinel.treatment:known_treatments",
    "waveform": "tinel.cable.stimulation.stimulus:waveform",
}

__all__ = [
    "Case",
    "Patient",
    "Result",
    "TinelError",
    "Twins",
    "alternating",
    "build",
    "compression",
    "constriction",
    "electrodes",
    "evidence",
    "examine",
    "follow",
    "laboratory",
    "laceration",
    "load",
    "media",
    "models",
    "nerves",
    "own",
    "parameters",
    "plan",
    "protocols",
    "pulse",
    "run",
    "simulate",
    "state_at",
    "threshold",
    "traction",
    "train",
    "treatments",
    "waveform",
]


def __getattr__(name: str) -> Any:
    if name not in _MADE_IN:
        from tinel.errors import suggest

        raise AttributeError(f"tinel has no '{name}' ({suggest(name, _MADE_IN)})")
    module, _, attribute = _MADE_IN[name].partition(":")
    found = import_module(module)
    value = getattr(found, attribute) if attribute else found
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
