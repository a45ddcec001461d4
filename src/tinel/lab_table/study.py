"""Which of Tinel's conduction studies, and which of its sites, a row of a table means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tinel.errors import TinelError
from tinel.lab_table.words import NOT_SIMULATED, UNCLEAR
from tinel.nerve.library import names, read

PLEXUS, ELECTRODE = "brachial plexus", "recording electrode"
# what a site's word may mean, in the order in which it is looked for in a study
MEANT = {
    "elbow": ("antecubital fossa", "elbow"),
    "knee": ("popliteal fossa", "lateral popliteal fossa"),
    "above fibular head": ("lateral popliteal fossa",),
    "leg": ("leg", "calf"),
    "calf": ("calf", "leg"),
}
# nerves whose sensory response is recorded from several fingers or places
SEVERAL = ("median", "ulnar")


class LeftOutError(Exception):
    """What is understood and has no place in Tinel; its text says what and why."""


@dataclass(frozen=True)
class Known:
    """One conduction study of one nerve, as the nerve's file has it.

    Args:
        nerve, study, kind, target: their names.
        word: how the study's name begins, such as ``superficial fibular``.
        sites: names, from distal to proximal.
        distance_mm: from the recording electrode to a site, where the file states it.
        on_request: whether it is one of the further studies.
    """

    nerve: str
    study: str
    kind: str
    target: str
    word: str
    sites: tuple[str, ...]
    distance_mm: tuple[float | None, ...]
    on_request: bool

    @property
    def test(self) -> str:
        """The test that makes it."""
        return "further conduction" if self.on_request else f"{self.kind} conduction"


@dataclass(frozen=True)
class Wanted:
    """What a row says of its study: nerve as in ``words.toml``, kind, and muscle or skin; texts are
    empty where it does not say."""

    nerve: str
    kind: str
    place: str


@cache
def known_studies() -> tuple[Known, ...]:
    """Every conduction study of every nerve that comes with Tinel.

    Example:
        >>> [s.study for s in known_studies() if s.nerve == "sural"]
        ['sural sensory']
    """
    found = []
    for nerve in names():
        for s in read(nerve).study:
            word = s.name.partition(f" {s.kind}")[0]
            sites = tuple(str(site.name or site.landmark) for site in s.sites)
            way = tuple(site.distance_mm if site.origin == ELECTRODE else None for site in s.sites)
            found.append(Known(nerve, s.name, s.kind, s.target, word, sites, way, s.on_request))
    return tuple(found)


def studies_of(
    wanted: Wanted, nerve: str = "", recorded: tuple[tuple[str, str], ...] = ()
) -> tuple[Known, ...]:
    """The studies that a row may mean: one nerve, kind and target, the usual study first.

    Args:
        wanted: what the row says.
        nerve: of the case; empty for any.
        recorded: the laboratory's usual muscles and fingers, by nerve and kind, such as
            ``("median motor", "abductor pollicis brevis")``.

    Raises:
        TinelError: what the row says is not enough, or contradicts itself.
        LeftOutError: Tinel has no such study.

    Example:
        >>> [s.study for s in studies_of(Wanted("tibial", "motor", "abductor hallucis"))]
        ['tibial motor (AH)']
    """
    if wanted.nerve == NOT_SIMULATED or wanted.place == NOT_SIMULATED:
        raise LeftOutError("Tinel has no study of this nerve, muscle or finger")
    word, place = wanted.nerve, wanted.place
    kinds = {t: s.kind for s in known_studies() for t in (s.target,)}
    kind = wanted.kind or kinds.get(place, "")
    word = "superficial radial" if (word, kind) == ("radial", "sensory") else word
    of_word = [s for s in known_studies() if s.word == word]
    if not kind and len({s.kind for s in of_word}) == 1:
        kind = of_word[0].kind
    if not kind:
        told = "neither a muscle nor a finger nor 'motor' or 'sensory' is given"
        raise TinelError(told, advice="add a column for it")
    if kind not in ("motor", "sensory"):
        raise LeftOutError(f"Tinel has no {kind} study of this kind")
    if place and kinds.get(place, kind) != kind:
        raise TinelError(f"a {kind} study is not recorded from the {place}")
    pool = [s for s in of_word if s.kind == kind]
    if not pool:
        raise LeftOutError(f"Tinel has no {kind} study of the {word} nerve")
    place = place or dict(recorded).get(f"{word} {kind}", "")
    if not place and (kind == "motor" or word in SEVERAL):
        what = "muscle" if kind == "motor" else "finger"
        each = ", ".join(sorted({s.target for s in pool}))
        advice = f"add a column for it, or state it under [recorded] in the mapping file: {each}"
        raise TinelError(f"the {what} of the recording is not given", advice=advice)
    pool = [s for s in pool if place in ("", s.target)]
    if not pool:
        raise LeftOutError(f"Tinel has no {kind} study of the {word} nerve at the {place}")
    own = [s for s in pool if (s.nerve == nerve if nerve else s.nerve != PLEXUS)]
    if not own:
        raise LeftOutError(f"of another nerve than the {nerve} nerve")
    one = nerve or max((s.nerve for s in own), key=lambda name: name == word)
    return tuple(sorted((s for s in own if s.nerve == one), key=lambda s: s.on_request))


def meant(word: str) -> tuple[str, ...]:
    """Names of sites that a word may mean, in the order in which they are looked for.

    Example:
        >>> meant("elbow"), meant("wrist")
        (('antecubital fossa', 'elbow'), ('wrist',))
    """
    return MEANT.get(word, (word,))


def site_of(studies: tuple[Known, ...], word: str) -> tuple[Known, str]:
    """The study and its site that a word means.

    Raises:
        TinelError: the word may mean two sites.
        LeftOutError: none of the studies stimulates there.

    Example:
        >>> median = studies_of(Wanted("median", "motor", "abductor pollicis brevis"))
        >>> site_of(median, "elbow")[1], site_of(median, "axilla")[0].study
        ('antecubital fossa', 'median motor (APB), proximal')
    """
    if word == UNCLEAR or (word == "elbow" and any("above elbow" in s.sites for s in studies)):
        told = "this word may mean a site above or below"
        raise TinelError(told, advice="say which under [sites] in the mapping file")
    for study in studies:
        for site in meant(word):
            if site in study.sites:
                return study, site
    every = sorted({site for s in studies for site in s.sites})
    there = "there" if word == NOT_SIMULATED else f"at the {word}"
    told = f"Tinel does not stimulate {there} for {studies[0].study} (sites: {', '.join(every)})"
    raise LeftOutError(told)


def segment_of(studies: tuple[Known, ...], one: str, other: str) -> tuple[Known, str, str]:
    """The study that has two sites as neighbours, with the upper and the lower site.

    Args:
        studies: from ``studies_of``.
        one, other: words of the two sites, in either order.

    Raises:
        TinelError: as ``site_of``, or both are one site.
        LeftOutError: they are no neighbours in any study.

    Example:
        >>> ulnar = studies_of(Wanted("ulnar", "motor", "abductor digiti minimi"))
        >>> segment_of(ulnar, "below elbow", "wrist")[1:]
        ('below elbow', 'wrist')
    """
    pair = {site_of(studies, one)[1], site_of(studies, other)[1]}
    if len(pair) < 2:
        raise TinelError("both ends of the segment are one site")
    for study in studies:
        for lower, upper in zip(study.sites, study.sites[1:], strict=False):
            if {lower, upper} == pair and study.kind == "motor":
                return study, upper, lower
    told = f"Tinel has no velocity from {' to '.join(sorted(pair))}, only between neighbours"
    raise LeftOutError(told)


def muscle_of(place: str, nerve: str = "") -> tuple[str, str]:
    """The nerve and the name of a muscle for needle EMG.

    Args:
        place: as in ``words.toml``.
        nerve: of the case; empty for any.

    Raises:
        LeftOutError: no nerve, or not this one, has that muscle.

    Example:
        >>> muscle_of("tibialis anterior")
        ('sciatic', 'tibialis anterior')
    """
    found = [
        each
        for each in ([nerve] if nerve else [n for n in names() if n != PLEXUS])
        if any(t.name == place and t.kind == "motor" for t in read(each).target)
    ]
    if not found:
        whose = f"the {nerve} nerve" if nerve else "no nerve"
        raise LeftOutError(f"{whose} has {'no' if nerve else 'the'} muscle {place} in Tinel")
    return found[0], place
