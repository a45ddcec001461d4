"""The one family of errors a user can cause."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_WORD = 200


class TinelError(ValueError):
    """A mistake in the input: what was given, what is allowed, what to do, and where.

    Args:
        message: one sentence with the given value and the allowed range.
        where: file and field, e.g. ``tanya.toml: cause.site_mm``; empty when unknown.
        advice: what to do next; empty when the message already says it.

    Example:
        >>> str(TinelError("-3 mmHg is out of range (allowed: 0 to 1000 mmHg)", "a.toml: cause"))
        'a.toml: cause: -3 mmHg is out of range (allowed: 0 to 1000 mmHg)'
    """

    def __init__(self, message: str, where: str = "", advice: str = "") -> None:
        self.message, self.where, self.advice = message, where, advice
        text = f"{where}: {message}" if where else message
        super().__init__(f"{text} ({advice})" if advice else text)

    def __reduce__(self) -> tuple[type[TinelError], tuple[str, str, str]]:
        # an error crosses processes as what it was made from
        return type(self), (self.message, self.where, self.advice)

    def at(self, where: str) -> TinelError:
        """The same error with a place; one that has a place already keeps it."""
        return TinelError(self.message, self.where or where, self.advice)


def suggest(given: str, allowed: Iterable[str], also: Iterable[str] = ()) -> str:
    """The allowed word that was probably meant, and the list of allowed ones.

    Args:
        given: what was written.
        allowed: words that are listed.
        also: further words that may have been meant and are not listed.

    Example:
        >>> suggest("ulnr", ["ulnar", "median"])
        "did you mean 'ulnar'? allowed: median, ulnar"
    """
    from difflib import get_close_matches

    words, given = list(allowed), str(given)
    if len(given) > LONGEST_WORD:  # nothing is like it, and to compare it would take seconds
        given = ""
    close = get_close_matches(given, [*words, *also], n=1, cutoff=0.6)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}allowed: {', '.join(sorted(words))}"
