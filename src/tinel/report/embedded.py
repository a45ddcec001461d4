"""An image within the page, with a text for who cannot see it and a sentence for who can."""

from __future__ import annotations

from base64 import b64encode

from markupsafe import Markup

from tinel.report.number_format import clean


def image(raw: bytes, kind: str, width_px: int, alt: str, says: str) -> Markup:
    """An image and a sentence below it.

    Args:
        raw: bytes of the file.
        kind: ``png`` or ``jpeg``.
        width_px: at which it is shown, or less where the page is narrow.
        alt: for who cannot see it; escaped.
        says: what it shows; escaped.

    Example:
        >>> "&lt;b&gt;" in image(b"", "png", 10, "<b>", "A picture.")
        True
    """
    sentence = Markup('<p class="soft">{}</p>').format(clean(says))
    return tag(raw, kind, width_px, alt) + sentence


def tag(
    raw: bytes, kind: str, width_px: int, alt: str, place: str = "", hidden: bool = False
) -> Markup:
    """The image alone.

    Args:
        raw, kind, width_px, alt: as for ``image``.
        place: where it was taken, for a script that shows one of several.
        hidden: whether it is hidden until such a script shows it.
    """
    about = Markup(' data-place="{}"').format(clean(place)) if place else Markup()
    return Markup(
        '<img src="data:image/{};base64,{}" alt="{}" width="{}" loading="lazy"{}{}>'
    ).format(
        kind,
        b64encode(raw).decode("ascii"),
        clean(alt),
        width_px,
        about,
        Markup(" hidden") if hidden else Markup(),
    )
