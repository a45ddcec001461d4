"""The example's recordings of a day: responses of conduction studies, and the needle's signals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tinel.declare.quantity import shown_day
from tinel.exam.method import NO_FILTER, distance_mm
from tinel.exam.needle.electrode import CONCENTRIC
from tinel.exam.needle.record import EFFORTS, SAMPLING_Hz, record
from tinel.exam.response import Response
from tinel.exam_command.compute import Examined
from tinel.exam_command.plots import check_folder
from tinel.recording.bids import write_bids
from tinel.recording.measured import DISTANCE
from tinel.recording.recording import Channel, Mark, Recording
from tinel.recording.write import check_package, write

BETWEEN_STIMULI_s = 1.0
NEEDLE_s = 5.0
NEEDLE = "needle EMG"
BIDS = "bids"  # a folder of its own, where nothing else may lie
# What --format may say, with the ending of its files.
FORMATS = {
    "edf": ".edf", "bids": ".edf", "dicom": ".dcm", "nwb": ".nwb", "csv": ".csv",
    "parquet": ".parquet",
}  # fmt: skip


def check_format(name: str) -> None:
    """Refuse early a format whose package is not installed.

    Raises:
        TinelError: says what to install.
    """
    check_package(FORMATS[name], "--format")


def recordings(every: Sequence[Examined], needle: str = CONCENTRIC) -> Iterator[Recording]:
    """What was recorded of the example twin: a segment for every stimulus of a conduction study, a
    second apart; of a needle, every muscle at rest, in slight and in full effort.

    Args:
        every: from ``compute.examined``.
        needle: ``concentric`` or ``monopolar``.
    """
    for one in every:
        for response in one.visit.examination.responses.values():
            yield _of_study(one, response)
        if NEEDLE in one.asked.tests:
            yield from _of_needle(one, needle)


def write_recordings(
    every: Sequence[Examined], folder: Path, name: str, needle: str | None = None
) -> tuple[Path, ...]:
    """Write the recordings into a folder, which is made where it is missing.

    Args:
        every: from ``compute.examined``.
        folder: older files of the same names there are replaced.
        name: a key of ``FORMATS``.
        needle: ``concentric`` (where None) or ``monopolar``.

    Raises:
        TinelError: a package is missing, the folder cannot be made, or the disk refused a write.
    """
    check_format(name)
    check_folder(folder)
    if name == "bids":
        case = every[0].result.case
        place = folder / BIDS
        check_folder(place)
        made = list(recordings(every, needle or CONCENTRIC))
        return write_bids(made, place, f"Tinel: {case.source.path.stem}")
    written = []
    for recording in recordings(every, needle or CONCENTRIC):
        p = recording.protocol
        keys = ("study",) if "study" in p else ("muscle", "effort")
        told = " ".join(p[k] for k in keys if p.get(k))
        file = folder / f"{re.sub(r'[^A-Za-z0-9]+', '_', told).strip('_')}{FORMATS[name]}"
        write(recording, file)
        written.append(file)
    return tuple(written)


def _protocol(one: Examined, test: str) -> dict[str, str]:
    case = one.result.case
    return {
        "test": test,
        "nerve": one.visit.limb.nerve.name,
        "side": case.nerve.side,
        "day": shown_day(one.asked.day),
        "arm": one.asked.arm,
        "temperature": f"{case.patient.limb_temperature_c:g} °C at the skin",
        "source": f"simulated by Tinel, twin {one.result.middle + 1}, seed {case.run.seed}",
    }


def _of_study(one: Examined, response: Response) -> Recording:
    study, clock = response.study, response.time_ms
    rate = round(1000.0 * (len(clock) - 1) / float(clock[-1] - clock[0]), 6)
    name = study.target if study.kind == "motor" else study.name
    sweeps = tuple(response.waveform[k, 0] for k in range(len(study.sites)))
    starts = tuple(BETWEEN_STIMULI_s * k for k in range(len(sweeps)))
    marks = tuple(
        Mark(start, f"Stimulus {site.name}")
        for start, site in zip(starts, study.sites, strict=True)
    )
    protocol = _protocol(one, f"{study.kind} conduction")
    protocol |= {"study": study.name, "filter": NO_FILTER}
    if study.kind == "motor":
        protocol["muscle"] = study.target
    for site in study.sites:
        protocol[f"{DISTANCE} {site.name}"] = f"{distance_mm(study, site.name):g} mm"
    channel = Channel(name, response.unit, rate, sweeps)
    path = Path(study.name)
    return Recording("simulated", path, (channel,), starts, marks, protocol, negative_up=True)


def _of_needle(one: Examined, needle: str) -> Iterator[Recording]:
    limb, patient = one.visit.limb, one.result.case.patient
    above = limb.parameters.scalar("exam.temperature.nerve_above_skin_C")
    for target in limb.nerve.targets:
        if target.kind != "motor":
            continue
        for effort in EFFORTS:
            heard = record(
                limb,
                target.name,
                effort,
                seconds=NEEDLE_s,
                temperature_C=patient.limb_temperature_c + above,
                needle=needle,
            )
            known = {"muscle": target.name, "effort": effort, "needle": needle}
            channel = Channel(target.name, "uV", SAMPLING_Hz, (heard.signal_uV,))
            yield Recording(
                "simulated",
                Path(target.name),
                (channel,),
                (0.0,),
                (),
                _protocol(one, NEEDLE) | known,
                negative_up=True,
            )
