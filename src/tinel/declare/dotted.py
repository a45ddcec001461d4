"""The longest dotted key of a TOML text, counted before the text is read."""

from __future__ import annotations

import re

# Where a text value or a comment begins; what stands between is keys, numbers and signs.
_BEGINS = re.compile(r"\"\"\"|'''|\"|'|#")
_ENDS = {
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*+"""', re.DOTALL),
    "'''": re.compile(r"(?:[^']|'(?!''))*+'''", re.DOTALL),
    '"': re.compile(r'(?:[^"\\\n]|\\.)*+"'),
    "'": re.compile(r"[^'\n]*+'"),
    "#": re.compile(r"[^\n]*+"),
}
_KEY = re.compile(r"[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++)*+")


def longest_key(text: str) -> int:
    """Parts of the longest dotted key, 0 for a text without keys; its time grows with the length.

    Quoted parts count, dots inside of texts and comments do not.

    Example:
        >>> longest_key('a."b.c".d = "x.y.z.w" # e.f.g.h')
        3
    """
    bare, at = [], 0
    while begin := _BEGINS.search(text, at):
        bare.append(text[at : begin.start()])
        end = _ENDS[begin[0]].match(text, begin.end())
        if end is None:
            break  # a text without its end: no reader gets further
        # a quoted text may be a part of a key: let one word stand for it
        bare.append("" if begin[0] == "#" else "x" if len(begin[0]) == 1 else " ")
        at = end.end()
    else:
        bare.append(text[at:])
    return max((key.group().count(".") + 1 for key in _KEY.finditer("".join(bare))), default=0)
