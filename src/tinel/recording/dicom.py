"""Writing of a DICOM electromyogram waveform (SOP class 1.2.840.10008.5.1.4.1.1.9.7.2), 16 bit.

One multiplex group for every segment, so that gaps are kept; marks are waveform annotations. Nobody
is named, and what DICOM wants as the date of recording is the first of January 1985.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tinel import __version__
from tinel.errors import TinelError
from tinel.recording.protocol import as_text
from tinel.recording.recording import Channel, Floats, Recording, Scale

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

ENDS = 32767
DAY, CLOCK = "19850101", "000000"
UNITS = {"uV": ("uV", "microvolt"), "mV": ("mV", "millivolt"), "V": ("V", "volt")}
CODED = "99TINEL"  # codes of our own: the standard has none for a muscle a user names


def write_dicom(recording: Recording, path: Path) -> None:
    """Write a recording as a DICOM file.

    Args:
        recording: with channels of one rate, all of potentials.
        path: of the file.

    Raises:
        TinelError: channels of several rates or of another unit, or pydicom is not installed.
    """
    as_dicom(recording).save_as(path, enforce_file_format=True)


def as_dicom(recording: Recording) -> Dataset:
    """A recording as a DICOM dataset."""
    try:
        from pydicom.dataset import Dataset, FileMetaDataset
        from pydicom.uid import ElectromyogramWaveformStorage, ExplicitVRLittleEndian, generate_uid
    except ImportError:
        raise TinelError(
            "DICOM files need the package pydicom", "--out", "pip install 'tinel[dicom]'"
        ) from None
    channels = recording.channels
    _check(channels)
    mixed = hashlib.sha256(as_text(recording.known).encode())
    for channel in channels:
        for part in channel.samples:
            mixed.update(np.ascontiguousarray(part).tobytes())
    seed = mixed.hexdigest()  # the same recording has the same identifiers
    file = Dataset()
    file.file_meta = FileMetaDataset()
    file.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    file.SOPClassUID = ElectromyogramWaveformStorage
    file.SOPInstanceUID = generate_uid(entropy_srcs=[seed, "instance"])
    file.StudyInstanceUID = generate_uid(entropy_srcs=[seed, "study"])
    file.SeriesInstanceUID = generate_uid(entropy_srcs=[seed, "series"])
    file.SpecificCharacterSet = "ISO_IR 192"
    file.PatientName = file.PatientID = ""
    file.PatientBirthDate = file.PatientSex = file.ReferringPhysicianName = ""
    file.StudyDate = file.StudyTime = file.StudyID = file.AccessionNumber = ""
    file.Modality, file.SeriesNumber, file.InstanceNumber = "EMG", "1", "1"
    file.Manufacturer = file.ManufacturerModelName = "Tinel"
    file.DeviceSerialNumber, file.SoftwareVersions = "none", __version__
    file.SynchronizationFrameOfReferenceUID = generate_uid(entropy_srcs=[seed, "clock"])
    file.SynchronizationTrigger, file.AcquisitionTimeSynchronized = "NO TRIGGER", "N"
    file.ContentDate, file.ContentTime, file.AcquisitionDateTime = DAY, CLOCK, DAY + CLOCK
    file.AcquisitionContextSequence = []
    if recording.protocol:
        file.StudyDescription = recording.protocol.get("test", "")[:64]
        file.SeriesDescription = recording.protocol.get("study", "")[:64]
    scales = [_scale(channel, recording.negative_up) for channel in channels]
    file.WaveformSequence = [_group(recording, scales, k) for k in range(len(recording.starts_s))]
    notes = [_note(recording, k) for k in range(len(recording.marks))]
    if recording.known:
        notes.insert(0, _text_note(as_text(recording.known), 1, 1))
    if notes:
        file.WaveformAnnotationSequence = notes
    return file


def _check(channels: tuple[Channel, ...]) -> None:
    if not channels or len({c.rate_Hz for c in channels}) > 1:
        raise TinelError("DICOM files hold channels of one rate, at least one", "--out")
    for channel in channels:
        if _unit(channel) not in UNITS:
            told = f"channel '{channel.name}' is in '{channel.unit}'"
            raise TinelError(f"{told} (allowed: V, mV, uV)", "--out", "leave it out")


def _unit(channel: Channel) -> str:
    return channel.unit.replace("µ", "u").replace("μ", "u")


def _scale(channel: Channel, turned: bool) -> Scale:
    own = channel.scale
    if (
        own is not None
        and not turned
        and max(abs(own.digital_low), abs(own.digital_high)) <= ENDS + 1
    ):
        return own
    most = max(float(np.abs(part).max()) for part in channel.samples) or 1.0
    return Scale(-most, most, -ENDS, ENDS)


def _group(recording: Recording, scales: list[Scale], k: int) -> Dataset:
    from pydicom.dataset import Dataset

    item = Dataset()
    item.MultiplexGroupTimeOffset = f"{1000 * recording.starts_s[k]:.10g}"
    item.WaveformOriginality = "ORIGINAL"
    item.NumberOfWaveformChannels = len(recording.channels)
    item.NumberOfWaveformSamples = len(recording.channels[0].samples[k])
    item.SamplingFrequency = f"{recording.channels[0].rate_Hz:.10g}"
    item.MultiplexGroupLabel = f"segment {k + 1}"
    item.ChannelDefinitionSequence = [
        _channel(c, s) for c, s in zip(recording.channels, scales, strict=True)
    ]
    item.WaveformBitsAllocated, item.WaveformSampleInterpretation = 16, "SS"
    sign = -1.0 if recording.negative_up else 1.0
    columns: list[Floats] = []
    for channel, scale in zip(recording.channels, scales, strict=True):
        digital = scale.digital(sign * channel.samples[k])
        columns.append(np.clip(digital, -ENDS - 1, ENDS))
    item.WaveformData = np.stack(columns, axis=1).astype("<i2").tobytes()
    item["WaveformData"].VR = "OW"
    return item


def _channel(channel: Channel, scale: Scale) -> Dataset:
    from pydicom.dataset import Dataset

    item = Dataset()
    item.ChannelLabel = channel.name[:16]
    item.ChannelSourceSequence = [_code(channel.name[:16], CODED, channel.name[:64])]
    step = (scale.high - scale.low) / (scale.digital_high - scale.digital_low)
    item.ChannelSensitivity = f"{step:.9g}"
    code, meaning = UNITS[_unit(channel)]
    item.ChannelSensitivityUnitsSequence = [_code(code, "UCUM", meaning)]
    item.ChannelSensitivityCorrectionFactor = "1"
    zero = float(scale.physical(np.zeros(1))[0])
    item.ChannelBaseline = f"{zero:.9g}"
    item.ChannelSampleSkew = "0"
    item.WaveformBitsStored = 16
    return item


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    from pydicom.dataset import Dataset

    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def _note(recording: Recording, k: int) -> Dataset:
    mark, rate = recording.marks[k], recording.channels[0].rate_Hz
    place = max((i for i, s in enumerate(recording.starts_s) if s <= mark.time_s), default=0)
    last = len(recording.channels[0].samples[place])
    sample = 1 + min(max(round((mark.time_s - recording.starts_s[place]) * rate), 0), last - 1)
    return _text_note(mark.text, place + 1, sample)


def _text_note(text: str, group: int, sample: int) -> Dataset:
    from pydicom.dataset import Dataset

    item: Any = Dataset()
    item.UnformattedTextValue = text[:1024]
    item.ReferencedWaveformChannels = [group, 0]  # 0: all of the group
    item.TemporalRangeType = "POINT"
    item.ReferencedSamplePositions = [sample]
    return item
