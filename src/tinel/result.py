"""Result of a run: every twin, one examined person in their middle, and the sources."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tinel.case import Case
from tinel.cohort.outcomes import Outcomes
from tinel.cohort.summary import quantiles
from tinel.declare.quantity import shown_day
from tinel.errors import TinelError, suggest
from tinel.evidence import Number, Parameters
from tinel.exam.examination import Visit
from tinel.exam.limb import Floats
from tinel.infer.posterior import Posterior
from tinel.terminal import shown_name
from tinel.treatment import Plan

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclass(frozen=True)
class Result:
    """Everything a report is made from.

    Args:
        case: what was computed.
        plans: one per arm.
        outcomes: every twin's values as labelled arrays.
        middle: number of the twin whose course runs closest to the medians, see ``middle_twin``.
        healthy: that twin's other side, examined.
        visits: that twin examined, by arm and exam day.
        parameters: the numbers behind it, with the keys that were read.
        manifest: what was computed from what.
        parts: folder in the cache where the computed twins are kept; None where they are not.
        beside: the results of the case's further nerves, by name; everything else here is of the
            first nerve.
        posterior: which findings were used, and whether they fit the story.

    Example:
        >>> import tinel as tn
        >>> result = tn.run(tn.load("examples/cut.toml"), twins=2)
        >>> table = result.to_dataframe()
        >>> set(table["arm"]) >= {plan.name for plan in result.plans}
        True
    """

    case: Case
    plans: tuple[Plan, ...]
    outcomes: Outcomes
    middle: int
    healthy: Visit
    visits: dict[str, dict[float, Visit]]
    parameters: Parameters
    manifest: dict[str, Any]
    parts: Path | None = None
    beside: Mapping[str, Result] = field(default_factory=dict)
    posterior: Posterior = field(default_factory=Posterior)

    @property
    def by_nerve(self) -> dict[str, Result]:
        """The result of every nerve of the case by name, the first nerve's first."""
        return {self.case.nerve.label: self, **self.beside}

    def forget_parts(self) -> None:
        """Remove the computed twins from the cache folder: the result has been stored."""
        for result in self.by_nerve.values():
            if result.parts is not None:
                shutil.rmtree(result.parts, ignore_errors=True)

    @property
    def days(self) -> tuple[float, ...]:
        """Days of the curves."""
        return self.outcomes.days

    @property
    def used(self) -> dict[str, Number]:
        """The numbers that were read, by key."""
        return {key: self.parameters.number(key) for key in sorted(self.parameters.read)}

    @property
    def waiting(self) -> str:
        """The name of the arm in which nothing is done."""
        return next(p.name for p in self.plans if not p.interventions)

    def twins(self, arm: str, quantity: str, target: str = "", bound: str = "") -> Floats:
        """A curve of every twin, ``(n_twin, n_day)``.

        Args:
            arm: name of a plan.
            quantity: e.g. ``conducting fibres``, ``force``, ``MRC grade``.
            target: muscle or patch of skin, where the quantity has one.
            bound: empty for the plan itself, ``low`` or ``high`` for an end of its range.

        Raises:
            TinelError: no such curve.
        """
        return self.outcomes.curves.of(arm=arm, quantity=quantity, target=target, bound=bound)

    def curve(self, arm: str, quantity: str, target: str = "", bound: str = "") -> Floats:
        """Quantiles of a curve over the twins, ``(5, n_day)``: 5, 25, 50, 75 and 95 %.

        Raises:
            TinelError: no such curve.
        """
        return quantiles(self.twins(arm, quantity, target, bound))

    def to_dataframe(self) -> pd.DataFrame:
        """Every twin as a table: one row per twin, arm, day, target and quantity.

        Returns:
            Columns as in ``cohort.frame.to_dataframe``; with the column ``nerve`` in front where
            the case has several.
        """
        from tinel.cohort.frame import to_dataframe

        tables = {
            name: to_dataframe(r.outcomes, r._studies, r.waiting)
            for name, r in self.by_nerve.items()
        }
        if not self.beside:
            return tables[self.case.nerve.label]
        import pandas as pd

        joined = pd.concat([t.assign(nerve=name) for name, t in tables.items()], ignore_index=True)
        joined.insert(0, "nerve", joined.pop("nerve"))
        return joined

    def to_xarray(self) -> xr.Dataset:
        """Every twin as labelled arrays with units, over twin, arm, day and target.

        Of a case with several nerves those of the first; see ``by_nerve``.

        Returns:
            Variables as in ``cohort.dataset.to_xarray``; the manifest's seed and versions as
            attributes.
        """
        from tinel.cohort.dataset import to_xarray

        dataset = to_xarray(self.outcomes, self._studies)
        kept = ("tinel", "case", "case_sha256", "seed", "twins")
        return dataset.assign_attrs({key: self.manifest[key] for key in kept})

    def summary(self) -> str:
        """A few plain lines for the terminal."""
        case, end = self.case, self.days[-1]
        lines = [
            f"{shown_name(case.source.path)}: {self.healthy.limb.nerve.spoken}, {case.nerve.side}, "
            f"{case.run.twins} virtual twins, seed {case.run.seed}",
            f"fibres that conduct past the injury on day {shown_day(end)}, median (90 % of twins):",
        ]
        for name, result in self.by_nerve.items():
            lines += [] if result is self else [f"{name}:"]
            for arm, (low, _, mid, _, high) in result._at_end().items():
                lines.append(f"  {arm}: {mid:.0f} % ({low:.0f} to {high:.0f})")
        lines.append("research and teaching software; no advice for a person")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The summary as data, with the manifest."""
        names = ("p5", "p25", "p50", "p75", "p95")
        end = {
            arm: dict(zip(names, map(float, quantity), strict=True))
            for arm, quantity in self._at_end().items()
        }
        told = {
            "manifest": self.manifest,
            "day": self.days[-1],
            "conducting_fibres_percent": end,
        }
        if self.beside:
            told["beside"] = {name: other.as_json() for name, other in self.beside.items()}
        return told

    def _at_end(self) -> dict[str, Floats]:
        # quantiles of the fibres that conduct past the injury on the last day, by arm
        return {p.name: self.curve(p.name, "conducting fibres")[:, -1] for p in self.plans}

    @property
    def _studies(self) -> Mapping[str, str]:
        return {s.name: s.target for s in self.healthy.limb.nerve.studies}


@dataclass(frozen=True)
class Results:
    """The results of several cases, in the order given.

    Args:
        by_case: result by the name of its case, which is that of its file without ending.
    """

    by_case: Mapping[str, Result]

    def __len__(self) -> int:
        return len(self.by_case)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.by_case.values())

    def __getitem__(self, name: str) -> Result:
        if name not in self.by_case:
            raise TinelError(f"no case is called '{name}'", advice=suggest(name, self.by_case))
        return self.by_case[name]

    def to_dataframe(self) -> pd.DataFrame:
        """As ``Result.to_dataframe``, with the column ``case`` in front."""
        import pandas as pd

        tables = [result.to_dataframe().assign(case=name) for name, result in self.by_case.items()]
        joined = pd.concat(tables, ignore_index=True)
        joined.insert(0, "case", joined.pop("case"))
        return joined

    def to_xarray(self) -> xr.Dataset:
        """As ``Result.to_xarray``, with the dimension ``case`` in front; nan where a case has no
        such arm, day or target."""
        import pandas as pd
        import xarray as xr

        parts = [result.to_xarray() for result in self]
        every = {name: part[name] for part in parts for name in (*part.coords, *part.data_vars)}
        texts = {name: "" for name, array in every.items() if array.dtype.kind == "U"}
        return xr.concat(
            parts,
            pd.Index(list(self.by_case), name="case"),
            join="outer",
            data_vars="all",
            coords="different",
            compat="equals",
            fill_value={name: texts.get(name, np.nan) for name in every},
            combine_attrs="drop_conflicts",
        )


def named_by_case(results: Sequence[Result]) -> Results:
    """Several results under the names of their cases; of two alike the second gets a number."""
    by_case: dict[str, Result] = {}
    for result in results:
        name = shown_name(result.case.source.path.with_suffix(""))
        more = (f"{name} ({k})" for k in range(2, len(results) + 2))
        by_case[next(one for one in (name, *more) if one not in by_case)] = result
    return Results(by_case)
