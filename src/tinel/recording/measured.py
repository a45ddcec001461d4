"""What is measured on a recording as findings, of the type that a simulated visit has."""

from __future__ import annotations

import re

from tinel.exam.findings import Finding, Findings
from tinel.exam.method import MARKED, Method
from tinel.recording.recording import Recording
from tinel.recording.sweeps import Sweep

DISTANCE = "distance"  # key of a protocol, alone or before the name of a site
_STIMULUS = re.compile(r"^(electrical )?stim(ulus|ulation)?\b[\s_:,]*", re.IGNORECASE)
_PER_MM = {"mm": 1.0, "cm": 10.0}


def measured(recording: Recording, sweep: Sweep) -> Findings:
    """The findings of one response.

    What the recording's protocol does not say is empty, or None in the method.

    Args:
        recording: from ``recording.read``.
        sweep: one of its responses, from ``sweeps``.

    Example:
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from tinel.evidence import Parameters
        >>> from tinel.recording.recording import Channel, Mark
        >>> from tinel.recording.sweeps import sweeps
        >>> time_ms = np.arange(0, 20, 0.05)
        >>> one = Channel("APB", "mV", 2e4, (4 * np.exp(-(((time_ms - 6) / 1.5) ** 2)),))
        >>> known = {"nerve": "median", "distance wrist": "70 mm", "temperature": "32 °C"}
        >>> stimulus = (Mark(0.0, "Stimulus wrist"),)
        >>> study = Recording("CSV", Path(), (one,), (0.0,), stimulus, known, negative_up=True)
        >>> first = measured(study, sweeps(study, Parameters.of_evidence())[0]).rows[0]
        >>> first.nerve, first.site, first.quantity, round(first.value, 1), first.unit
        ('median', 'wrist', 'amplitude', 4.0, 'mV')
        >>> first.method.distance_mm, first.method.temperature_C
        (70.0, 32.0)
    """
    known = recording.known
    site = _STIMULUS.sub("", sweep.mark.text) or sweep.mark.text
    return Findings(
        tuple(
            Finding(
                test=known.get("test", ""),
                nerve=known.get("nerve", ""),
                side=known.get("side", ""),
                subject=known.get("study", sweep.channel),
                site=site,
                quantity=quantity,
                unit=unit,
                value=value,
                limit="",
                abnormal=None,
                criterion="",
                other_side=None,
                method=_method(recording, site, quantity),
            )
            for quantity, unit, value in sweep.values()
        )
    )


def _method(recording: Recording, site: str, quantity: str) -> Method:
    known = recording.known
    told = known.get(f"{DISTANCE} {site}") or known.get(DISTANCE, "")
    way = re.match(r"\s*(\d+(?:\.\d+)?)\s*(mm|cm)\b", told)
    warmth = re.match(r"\s*(\d+(?:\.\d+)?)\s*°?\s*C\b", known.get("temperature", ""))
    return Method(
        marked=MARKED.get(quantity, ""),
        filter=known.get("filter", ""),
        temperature_C=float(warmth[1]) if warmth else None,
        distance_mm=float(way[1]) * _PER_MM[way[2]] if way else None,
    )
