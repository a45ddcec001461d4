"""Pictures of ultrasound and MR in the report: small, with scale, outline and SIMULATED in them."""

from __future__ import annotations

import io

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from tinel.declare.quantity import shown_day
from tinel.exam.examination import Visit
from tinel.exam.pictures import TakenPicture
from tinel.exam.scanning import INJURED
from tinel.exam.test import Test
from tinel.exam.ultrasound_names import WHOLE
from tinel.imaging.extra import need
from tinel.imaging.files.frame import LINE, coarser, framed, in_colour
from tinel.report.embedded import image
from tinel.report.figure import Figure, Panel, Swatch, Table
from tinel.report.moving_figure import colour_panels, slide_panel
from tinel.report.number_format import number
from tinel.result import Result

MOST_DAYS, WIDEST_px, GREYS, SLIDE_PICTURES = 4, 300, 40, 9
OUTLINE = "#ffd600"


def pictures_figure(result: Result, test: Test, table: Table) -> Figure | None:
    """Pictures of the injured place in each arm and on each day; None where none was taken.

    Of more than four days the first and the last are shown, and two between. An arm is left out
    where its pictures are those of waiting.

    Args:
        result: whose middle twin was examined.
        test: whose pictures are shown.
        table: of its values, which stands beside them.
    """
    panels: list[Panel] = []
    other = _of(result.healthy, test)
    if other:
        panels.append(_panel(other[0], "other side"))
        panels += colour_panels(result.healthy, test, "other side")
    seen: set[bytes] = set()
    sliding = True
    for arm, visits in result.visits.items():
        shown = _few([visit for visit in visits.values() if _of(visit, test)])
        for visit in shown:
            day = f"day {shown_day(visit.day)}"
            when = day if arm == result.waiting else f"{day}, {arm}"
            new = [taken for taken in _shown(visit, test) if _key(taken) not in seen]
            seen |= {_key(taken) for taken in new}
            panels += [_panel(taken, when) for taken in new]
            if not new or visit.day not in (shown[0].day, shown[-1].day):
                continue
            panels += colour_panels(visit, test, when)
            if new[0].picture.modality == "ultrasound":
                panels += _views(visit, when, sliding)
                sliding = False
    if not panels:
        return None
    return Figure(
        title="",
        caption=(
            f"The example twin, simulated, at the {INJURED} (or the first place scanned). Ticks on "
            "the left are 1 mm apart, where they fit, with cm beside them. Where a nerve was found "
            "by the grey values alone its outline is drawn; what was not found has no value. "
            "Nothing is measured on views along the nerve, slides and pictures in colours."
        ),
        panels=tuple(panels),
        table=table,
        legend=(Swatch("outline that was measured", OUTLINE, ()),),
        open=True,
    )


def _key(taken: TakenPicture) -> bytes:
    return taken.picture.pixels.tobytes()


def _views(visit: Visit, when: str, sliding: bool) -> list[Panel]:
    """The injury along the nerve, the needle on a day with one, and one slide of the report."""
    # a report without pictures need not wait for them
    from tinel.exam.ultrasound_views import along, guided, slide

    panels = []
    for name, taken in (("along the nerve", along(visit.limb)), ("needle", guided(visit.limb))):
        if taken is not None:
            panels.append(Panel(f"{taken.site}, {name}, {when}", as_image(taken, when)))
    moved = slide(visit.limb, SLIDE_PICTURES) if sliding else None
    if moved is not None:
        panels.append(slide_panel(moved, when))
    return panels


def _of(visit: Visit, test: Test) -> tuple[TakenPicture, ...]:
    pictures = visit.examination.pictures.get(test.name)
    return () if pictures is None else pictures.taken


def _shown(visit: Visit, test: Test) -> list[TakenPicture]:
    """The first picture of the injured place, and of MR the first of its muscles."""
    taken = _of(visit, test)
    muscles = [one for one in taken if one.read and one.read[0][0].startswith("STIR")]
    return [*taken[:1], *muscles[:1]]


def _few(visits: list[Visit]) -> list[Visit]:
    if len(visits) <= MOST_DAYS:
        return visits
    return [visits[round(k * (len(visits) - 1) / (MOST_DAYS - 1))] for k in range(MOST_DAYS)]


def _panel(taken: TakenPicture, title: str) -> Panel:
    return Panel(f"{taken.site}, {title}", as_image(taken, title))


def as_image(taken: TakenPicture, when: str) -> Markup:
    """A picture as an image within the page, with a sentence and a text for who cannot see it.

    Args:
        taken: with what was read off it.
        when: the day, in words.
    """
    read = ", ".join(_words(*one) for one in taken.read)
    found = read or taken.says or taken.why or "nothing was measured on it"
    alt = f"Simulated {taken.picture.shows} of the {taken.site}, {when}: {found}"
    raw, width = _png(taken)
    says = taken.says or f"Across the {'nerve' if taken.position_mm else 'limb'}: {found}."
    return image(raw, "png", width, alt, says)


def _words(name: str, value: float, unit: str) -> str:
    """What was read, in words and with its unit."""
    if name == WHOLE:
        return f"called {'continuous' if value > 0.5 else 'interrupted'}"
    if unit in ("1", "ratio"):
        return f"{name} {number(value, 'ratio')}"
    return f"{name} {number(value, unit)} {unit}".strip()


def _png(taken: TakenPicture) -> tuple[bytes, int]:
    """A small PNG in few colours, and its width."""
    factor = max(1, round(taken.picture.pixels.shape[1] / WIDEST_px))
    outlines = tuple((line + 0.5) / factor - 0.5 for line in taken.outlines)
    pixels = in_colour(framed(coarser(taken.picture, factor)), outlines)
    image = need("PIL.Image").fromarray(_few_greys(pixels))
    image.putpalette(_palette())
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue(), pixels.shape[1]


def _few_greys(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Numbers of greys of the palette, and of the colour of lines, ``(n_row, n_column)``."""
    few = np.rint(pixels[..., 0] / 255.0 * (GREYS - 1)).astype(np.uint8)
    return np.where(pixels[..., 0] == pixels[..., 2], few, np.uint8(GREYS))


def _palette() -> list[int]:
    greys = np.rint(np.linspace(0, 255, GREYS)).astype(int)
    return [*np.repeat(greys, 3).tolist(), *LINE]
