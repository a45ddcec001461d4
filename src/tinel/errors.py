"""The one family of errors a user can cause."""

from __future__ import annotations


class TinelError(Exception):
    """A mistake in the input: what was given, what is legal, what to do, and where.

    Args:
        message: one sentence with the given value and the legal range.
        where: file and field, e.g. ``tanya.toml: cause.site_mm``; empty when unknown.
        advice: what to do next; empty when the message already says it.

    Example:
        >>> str(TinelError("pressure is -3 mmHg; legal: 0 to 1000", "a.toml: cause.pressure_mmHg"))
        'a.toml: cause.pressure_mmHg: pressure is -3 mmHg; legal: 0 to 1000'
    """

    def __init__(self, message: str, where: str = "", advice: str = "") -> None:
        self.message, self.where, self.advice = message, where, advice
        text = f"{where}: {message}" if where else message
        super().__init__(f"{text} ({advice})" if advice else text)


def suggest(given: str, legal: list[str]) -> str:
    """Say which legal word was probably meant, and list the legal ones.

    Example:
        >>> suggest("ulnr", ["ulnar", "median"])
        "did you mean 'ulnar'? legal: median, ulnar"
    """
    from difflib import get_close_matches

    close = get_close_matches(given, legal, n=1, cutoff=0.6)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}legal: {', '.join(sorted(legal))}"
