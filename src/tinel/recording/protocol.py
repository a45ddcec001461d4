"""The protocol of a recording as the text of one mark, so that any format keeps it."""

from __future__ import annotations

from collections.abc import Sequence

from tinel.recording.recording import Mark

BEGINS = "Protocol: "


def as_text(protocol: dict[str, str]) -> str:
    """A protocol as one text.

    Example:
        >>> as_text({"test": "motor conduction", "side": "left"})
        'Protocol: test=motor conduction; side=left'
    """
    clean = {k: v.replace(";", ",").replace("=", " ") for k, v in protocol.items()}
    return BEGINS + "; ".join(f"{name}={value}" for name, value in clean.items())


def protocol_of(marks: Sequence[Mark]) -> tuple[dict[str, str], list[Mark]]:
    """The protocol that stands among marks, and the other marks."""
    found: dict[str, str] = {}
    rest = []
    for mark in marks:
        if not mark.text.startswith(BEGINS):
            rest.append(mark)
            continue
        for part in mark.text.removeprefix(BEGINS).split("; "):
            name, equals, value = part.partition("=")
            if equals:
                found[name.strip()] = value.strip()
    return found, rest
