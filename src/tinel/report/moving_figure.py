"""Pictures of the report beyond greys at one place: a slide to be moved, and colours of MR."""

from __future__ import annotations

import io

from markupsafe import Markup

from tinel.exam.examination import Visit
from tinel.exam.pictures import DiffusionView, Slide
from tinel.exam.test import Test
from tinel.imaging.extra import need
from tinel.imaging.files.colour_frame import ColourFrame, fa_frame, tracts_frame
from tinel.imaging.files.frame import coarser, framed
from tinel.report.embedded import image, tag
from tinel.report.figure import Panel

WIDEST_px, QUALITY, COLOUR_QUALITY = 300, 45, 80


def slide_panel(slide: Slide, when: str) -> Panel:
    """A slide of the probe that the reader moves; the middle picture alone without scripts.

    Args:
        slide: with the place of each picture.
        when: the day, in words.
    """
    frames = []
    for k, picture in enumerate(slide.pictures):
        factor = max(1, round(picture.pixels.shape[1] / WIDEST_px))
        pixels = framed(coarser(picture, factor)).pixels
        out = io.BytesIO()
        shown = need("PIL.Image").fromarray(pixels)
        shown.save(out, format="JPEG", quality=QUALITY, optimize=True)
        alt = f"Simulated B-mode across the nerve, {when}, {slide.place(k)}"
        hidden = k != slide.middle
        frames.append(tag(out.getvalue(), "jpeg", pixels.shape[1], alt, slide.place(k), hidden))
    many, last = len(frames), len(frames) - 1
    says = (
        f"The probe slides along the nerve in {many} pictures, from {slide.place(0)} to "
        f"{slide.place(last)}; move the slider, or use the arrow keys."
    )
    moves = Markup(
        '<p class="moves" hidden><label>Place along the nerve <input type="range" min="0" '
        'max="{}" value="{}" step="1" autocomplete="off"></label> <output>{}</output></p>'
    ).format(last, slide.middle, slide.place(slide.middle))
    without = Markup("<noscript><p>{}</p></noscript>").format(
        "Without scripts the picture in the middle of the injury stands alone."
    )
    body = Markup('<div class="slide">{}{}{}<p class="soft">{}</p></div>').format(
        Markup().join(frames), moves, without, says
    )
    return Panel(f"{slide.site}, slide along the nerve, {when}", body)


def colour_panels(visit: Visit, test: Test, when: str) -> list[Panel]:
    """Directions of diffusion and tracts of a visit; none of a test without them.

    Args:
        visit: with its pictures.
        test: whose are shown.
        when: the day, in words, or the side.
    """
    pictures = visit.examination.pictures.get(test.name)
    panels = []
    for view in () if pictures is None else pictures.diffusion:
        panels.append(_panel(view, fa_frame(view.found), when, FA_SAYS))
        if view.tracts is not None:
            screen = tracts_frame(view.tracts, view.found.position_mm - view.first_mm)
            panels.append(_panel(view, screen, when, tract_words(view)))
    return panels


FA_SAYS = (
    "FA as brightness, the main direction of diffusion as colour: red across the picture, green "
    "down it, blue along the limb, as a whole nerve runs."
)


def tract_words(view: DiffusionView) -> str:
    """What tracts through a stack show, in a sentence; empty where there are none.

    Args:
        view: with its tracts.
    """
    tracts = view.tracts
    if tracts is None:
        return ""
    through, stop = tracts.part_through, tracts.stop_mm
    if through is None or stop is None:
        return "No tract begins in the first slice: FA is too low there."
    halted = f"; half of them stop within {stop:.0f} mm" if through < 0.5 else ""
    return (
        "Lines along the main direction of diffusion, the spinal cord to the left: "
        f"{100 * through:.0f} % of {len(tracts.lines)} come through all {tracts.reach_mm:.0f} mm"
        f"{halted}."
    )


def _panel(view: DiffusionView, screen: ColourFrame, when: str, says: str) -> Panel:
    out = io.BytesIO()
    shown = need("PIL.Image").fromarray(screen.pixels)
    # colours are kept at every pixel, as thin lines and few bright pixels are what is looked for
    shown.save(out, format="JPEG", quality=COLOUR_QUALITY, subsampling=0, optimize=True)
    alt = f"Simulated {screen.shows} of the {view.site}, {when}: {says}"
    body = image(out.getvalue(), "jpeg", screen.pixels.shape[1], alt, says)
    return Panel(f"{view.site}, {screen.shows}, {when}", body)
