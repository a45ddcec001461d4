"""A recording as sound: electromyographers listen."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from tinel.exam.needle.record import Recording, SAMPLING_Hz
from tinel.writing import check_file, whole_file

LOUDEST_uV = 2000.0


def write_wav(recording: Recording, path: str | Path) -> None:
    """Write a recording as a WAV file of one channel, 16 bit, 20 kHz.

    Every recording is equally loud for the same size, so that rest sounds quiet beside effort;
    what is above 2 mV is cut off.

    Args:
        recording: from ``record``.
        path: of the file, ending in ``.wav``; an older one is replaced.

    Raises:
        TinelError: another ending, or the file cannot be written.
    """
    target = check_file(Path(path), (".wav",), "--listen")
    levels = np.clip(recording.signal_uV / LOUDEST_uV, -1.0, 1.0) * 32767
    with whole_file(target) as temporary, wave.open(str(temporary), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(round(SAMPLING_Hz))
        file.writeframes(levels.astype("<i2").tobytes())
