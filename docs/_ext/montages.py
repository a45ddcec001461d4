"""The directive ``montages``: every conduction study as a laboratory sets it up, from the data.

```{montages}
```
"""

from __future__ import annotations

from docutils import nodes
from rows import table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tinel.evidence import Number, Parameters
from tinel.nerve import build, names
from tinel.nerve.anatomy import Nerve, Study
from tinel.twins import Patient, Twins

HEAD = ("study", "stimulator, mm to the electrode", "electrodes", "made", "normal values", "source")
NAMES = {
    "amplitude_mV": "amplitude",
    "amplitude_uV": "amplitude",
    "distal_latency_ms": "latency, distal site",
    "velocity_m_per_s": "velocity",
    "h_latency_ms": "H latency",
}
HEIGHT_cm = 170.0


class Montages(SphinxDirective):
    """A table of studies for each nerve that has any."""

    def run(self) -> list[nodes.Node]:
        """Make the tables, in the order of the nerves' names."""
        made: list[nodes.Node] = []
        for nerve in _nerves():
            if nerve.studies:
                section = nodes.rubric("", nerve.title)
                made += [section, table(HEAD, [row(nerve, study) for study in nerve.studies])]
        return made


def _nerves() -> list[Nerve]:
    one = Twins(Patient(age=40, sex="female", height_cm=HEIGHT_cm))
    return [build(name, side="left", twins=one) for name in names()]


def row(nerve: Nerve, study: Study) -> tuple[str, ...]:
    """What one study's line says.

    Args:
        nerve: of a body height of 170 cm.
        study: one of its studies.
    """
    sites = "; ".join(
        f"{site.name} {study.record_mm - site.position_mm:.0f}" for site in study.sites
    )
    made = "on request" if study.on_request else "in every run"
    inching = f"; inching around {study.inching}" if study.inching else ""
    values = "; ".join(f"{NAMES[key]} {_value(n)}" for key, n in study.normal.items())
    sources = "; ".join(dict.fromkeys(_source(n) for n in study.normal.values()))
    return (
        study.name,
        sites,
        _electrodes(nerve, study),
        made + (", H reflex" if study.reflex else "") + inching,
        values or "none was read",
        sources,
    )


def _electrodes(nerve: Nerve, study: Study) -> str:
    if study.kind == "motor":
        return f"over the endplates of {study.target}, against its tendon"
    apart = Parameters.of_evidence().scalar("laboratory.sensory.reference_mm")
    prefix = f"nerve.{nerve.name}.study.{study.name}.depth_mm"
    depth = nerve.twins.parameters.scalar(prefix)
    return f"on the nerve, {depth:g} mm deep, reference {apart:g} mm beyond"


def _value(number: Number) -> str:
    unit = number.unit
    return f"{number.value:g} ± {number.sd:g} {unit}" if number.sd else f"{number.value:g} {unit}"


def _source(number: Number) -> str:
    return f"{number.source} ({number.evidence_grade})"


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("montages", Montages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
