"""Writing of an EMG-BIDS folder (BIDS 1.11): one EDF+ file per recording, with what is known of it.

For needles the fields that issue 2371 of the specification proposes are written; BIDS 1.11 has
none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tinel.errors import TinelError
from tinel.recording.edf_write import as_edf
from tinel.recording.recording import Recording
from tinel.writing import whole_file

VERSION = "1.11.1"
SUBJECT = "sub-01"
README = """Recordings written by Tinel, a digital peripheral nerve.

Every file names test, study, side and day in its first annotation and in its .json file. What has a
stimulus lists it in the events file; where nothing was recorded between stimuli the EDF+ file is
discontinuous.
"""


def write_bids(recordings: Sequence[Recording], folder: Path, name: str) -> tuple[Path, ...]:
    """Write recordings of one person as a BIDS data set.

    Args:
        recordings: each with channels; their protocols name ``test`` and, for a needle, ``effort``.
        folder: there already; older files of the same names are replaced.
        name: of the data set.

    Returns:
        The EDF+ files.

    Raises:
        TinelError: as ``as_edf``, or the disk refused a write.
    """
    place = folder / SUBJECT / "emg"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        told = f"cannot be made: {problem.strerror or problem}"
        raise TinelError(told, str(place), "choose another folder") from None
    _write(
        folder / "dataset_description.json",
        {"Name": name, "BIDSVersion": VERSION, "DatasetType": "raw",
         "GeneratedBy": [{"Name": "Tinel", "Description": "simulated or converted recordings"}]},
    )  # fmt: skip
    _put(folder / "README", README.encode())
    _table(folder / "participants.tsv", [("participant_id",), (SUBJECT,)])
    written: list[Path] = []
    runs: dict[str, int] = {}
    for recording in recordings:
        task = _label(recording.protocol.get("test", "recording"))
        runs[task] = runs.get(task, 0) + 1
        stem = f"{SUBJECT}_task-{task}_run-{runs[task]:02d}"
        file = place / f"{stem}_emg.edf"
        _put(file, as_edf(recording))
        _write(place / f"{stem}_emg.json", sidecar(recording, task))
        _table(place / f"{stem}_channels.tsv", _channels(recording))
        if recording.marks:
            _table(place / f"{stem}_events.tsv", _events(recording))
        written.append(file)
    return tuple(written)


def sidecar(recording: Recording, task: str) -> dict[str, Any]:
    """What is known of one recording, by the names BIDS gives it."""
    protocol = recording.protocol
    needle = "needle" in protocol.get("test", "")
    lengths = {round(end - start, 9) for start, end in recording.segments}
    epoched = len(recording.starts_s) > 1 and len(lengths) == 1
    found: dict[str, Any] = {
        "TaskName": task,
        "TaskDescription": "; ".join(f"{k}: {v}" for k, v in recording.known.items()) or "n/a",
        "EMGPlacementScheme": "Other",
        "EMGPlacementSchemeDescription": "needle in the muscle"
        if needle
        else "by the landmarks of the study",
        "EMGReference": "Bipolar",
        "SamplingFrequency": recording.channels[0].rate_Hz,
        "PowerLineFrequency": "n/a",
        "SoftwareFilters": "n/a",
        "RecordingType": "epoched"
        if epoched
        else "continuous"
        if len(recording.starts_s) == 1
        else "discontinuous",
        "RecordingDuration": recording.recorded_s,
        "EMGChannelCount": len(recording.channels),
    }
    if epoched:
        found["EpochLength"] = lengths.pop()
    # as issue 2371 of the specification proposes
    found["EMGType"] = "invasive" if needle else "surface"
    if needle:
        found["ElectrodeType"] = f"{protocol.get('needle', 'concentric')} needle"
        unknown = ("CannulaDiameter", "CannulaLength", "CannulaMaterial", "InsulatorMaterial")
        found |= dict.fromkeys((*unknown, "SterilizationMethod"), "n/a")
        found["ElectrodeSurfaceArea"] = protocol.get("electrode surface mm2", "n/a")
    return found


def _channels(recording: Recording) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("name", "type", "units", "sampling_frequency", "target_muscle")]
    for channel in recording.channels:
        kind = "EMG" if channel.is_potential else "MISC"
        unit = channel.unit.replace("µ", "u").replace("μ", "u") or "n/a"
        muscle = recording.protocol.get("muscle", "n/a")
        rows.append((channel.name, kind, unit, f"{channel.rate_Hz:g}", muscle))
    return rows


def _events(recording: Recording) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("onset", "duration", "trial_type")]
    for mark in recording.marks:
        rows.append((f"{mark.time_s:.9g}", f"{mark.duration_s:g}", mark.text or "n/a"))
    return rows


def _label(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", text.title()) or "recording"


def _write(path: Path, data: dict[str, Any]) -> None:
    _put(path, (json.dumps(data, indent=1) + "\n").encode())


def _table(path: Path, rows: list[tuple[str, ...]]) -> None:
    clean = ("\t".join(re.sub(r"\s", " ", cell) for cell in row) for row in rows)
    _put(path, ("\n".join(clean) + "\n").encode())


def _put(path: Path, raw: bytes) -> None:
    with whole_file(path) as temporary:
        temporary.write_bytes(raw)
