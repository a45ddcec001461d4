"""The answer to "how often": a sentence, a table, the article beside it, and the sources."""

from __future__ import annotations

from tinel.risk.event import LOOKING, Event, Source
from tinel.risk.match import Found
from tinel.risk.phrases import count_text, course_sentence, figure_text, number, percent_text
from tinel.risk.pool import pooled
from tinel.risk.procedure import Procedure, procedures

NO_ADVICE = (
    "Published figures for groups of people; no advice for a person. Ask who treats you about your "
    "own risk."
)
METHOD = (
    "The first line takes the largest study of each kind, of all patients where there is one. "
    "Intervals are exact 95 % intervals of the counts. The ways of looking are never merged: of "
    "one operation they differ 2 to 50 times."
)

PHRASES = {
    "complaint or chart": "by complaint or chart",
    "actively looked for": "actively looked for",
    "pooled reviews": "in pooled reviews",
    "way of looking not stated": "found in a way that is not stated",
}
RARE_percent = 0.01


def headline(procedure: Procedure) -> str:
    """How many of 1000 by the largest study of each kind, lasting and active looking apart."""
    if not procedure.events:
        return f"No data found for {procedure.name}. {procedure.no_data}"
    first = _parts([e for e in procedure.events if e.kind != "lasting"])
    lasting = _parts([e for e in procedure.events if e.kind == "lasting"])
    early = "; ".join(first) or "no figure found for the first weeks"
    late = "; ".join(lasting) or "no figure found"
    return f"Of 1000 after {procedure.name}: {early}. Lasting: {late}."


def _parts(events: list[Event]) -> list[str]:
    groups = {name: [e for e in events if e.looking == name] for name in LOOKING}
    return [_part(name, found) for name, found in groups.items() if found]


def _part(name: str, events: list[Event]) -> str:
    event = _largest(events)
    told = [event.nerve, event.what, event.who]
    told.append(event.follow_up if event.kind == "lasting" else "")
    told.append(f"of 1000 {event.of}" if event.of in ("nerves", "limbs", "shoulders") else "")
    inside = ", ".join(part for part in told if part)
    figure = f"{figure_text(event.figure, 10.0)}{_one_in(event)}"
    return f"{figure} {PHRASES[name]} ({inside}{_range(events)})"


def _one_in(event: Event) -> str:
    """What a rare event is called: nobody reads 0.003 of 1000."""
    percent = event.figure.percent
    if not percent or percent >= RARE_percent:
        return ""
    return f", 1 in {float(f'{100.0 / percent:.2g}'):,.0f},"


def _range(events: list[Event]) -> str:
    """That other figures of the group differ, so that one study is not taken for all."""
    known = [e.figure for e in events if e.figure.percent is not None]
    if len(known) < 2:
        return ""
    known.sort(key=lambda figure: figure.percent or 0.0)
    least, most = (figure_text(figure, 10.0).split(" ")[0] for figure in (known[0], known[-1]))
    return f"; {len(known)} figures, {least} to {most}"


def _largest(events: list[Event]) -> Event:
    """The largest count of all patients, else of some of them, else what the file gives first."""
    return max(events, key=lambda e: (e.figure.count is not None and not e.who, _counted(e)))


def _counted(event: Event) -> int:
    return event.figure.denominator or 0


def as_text(found: Found) -> str:
    """What a terminal shows of one operation."""
    procedure = found.procedure
    lines = (found.said + headline(procedure)).replace(". Lasting:", ".\nLasting:").split("\n")
    if procedure.events:
        places = {source.reference: k for k, source in enumerate(procedure.sources, 1)}
        lines += _tables(procedure, places)
        lines += _pooled(procedure)
        lines += [""] if procedure.course or procedure.factors else []
        lines += [
            f"course: {course_sentence(one)} {_mark(one.source, places)}"
            for one in procedure.course
        ]
        lines += [f"factor: {one.text} {_mark(one.source, places)}" for one in procedure.factors]
        lines += _article(procedure)
        lines += ["", "sources (how much of each was read)"]
        lines += [f"  [{k}] {s.reference} ({s.read})" for k, s in enumerate(procedure.sources, 1)]
        lines += ["", METHOD]
    return "\n".join([*lines, NO_ADVICE])


def _mark(source: Source, places: dict[str, int]) -> str:
    return f"[{places[source.reference]}]"


def _tables(procedure: Procedure, places: dict[str, int]) -> list[str]:
    lines = []
    for name in LOOKING:
        events = [e for e in procedure.events if e.looking == name]
        lines += ["", f"{name}:" if events else f"{name}: no figure found"]
        for event in events:
            when = f", follow-up: {event.follow_up}" if event.follow_up else ""
            kind = "" if event.kind == "any" else f", {event.kind}"
            count = count_text(event)
            told = f"{percent_text(event)}{f', {count}' if count else ''}"
            how = f"; {event.looked_for_how}" if len(LOOKING[name]) > 1 else ""
            lines.append(
                f"  {event.subject}{kind}{when}: {told}{how} {_mark(event.source, places)}"
            )
            lines += [f"      {event.note}"] if event.note else []
            lines += [f"      CONFLICT: {event.conflicts}"] if event.conflicts else []
    return [line for line in lines if line != "way of looking not stated: no figure found"]


def _pooled(procedure: Procedure) -> list[str]:
    return [
        line
        for one in pooled(procedure)
        for line in (
            "",
            f"pooled here, {one.name} ({one.studies} studies, {one.looked_for_how}): "
            f"{number(one.percent)} % ({number(one.low)} to {number(one.high)}); a further "
            f"study is expected at {number(one.next_low)} to {number(one.next_high)} %",
        )
    ]


def _article(procedure: Procedure) -> list[str]:
    told = procedure.article
    if told is None:
        return []
    return ["", f'the source article says: "{told.quote}"', f"  {told.problem} [{told.source}]"]


def list_text() -> str:
    """Every operation and cause, those without data apart."""
    known = [p for p in procedures() if p.events]
    empty = [p for p in procedures() if not p.events]
    width = max(len(p.name) for p in known)
    lines = [f"{len(known)} operations and causes have published figures:"]
    lines += [f"  {p.name:{width}}  {', '.join(p.names[:3])}".rstrip() for p in known]
    lines += ["", f"known, without data: {', '.join(p.name for p in empty)}"]
    return "\n".join([*lines, "", 'see one with: tinel risk "NAME"', NO_ADVICE])
