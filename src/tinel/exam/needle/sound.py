"""A recording as sound: electromyographers listen."""

from __future__ import annotations

import io
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
    with whole_file(target) as temporary:
        temporary.write_bytes(as_wav(recording))


def as_wav(recording: Recording, *, short: bool = False) -> bytes:
    """The bytes of such a file.

    Args:
        recording: from ``record``.
        short: at 8 kHz, for a page; what is above 4 kHz is filtered away.

    Example:
        >>> import numpy as np
        >>> time = np.arange(20000) / 20000
        >>> one = Recording("deltoid", "rest", time, 100 * np.sin(3000 * time), ())
        >>> len(as_wav(one)), len(as_wav(one, short=True))
        (40044, 16044)
    """
    signal, rate = recording.signal_uV, round(SAMPLING_Hz)
    if short:
        from scipy.signal import resample_poly

        signal, rate = resample_poly(signal, 2, 5), rate * 2 // 5
    levels = np.clip(signal / LOUDEST_uV, -1.0, 1.0) * 32767
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(levels.astype("<i2").tobytes())
    return written.getvalue()
