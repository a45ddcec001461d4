"""Every twin's values as labelled arrays (xarray)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tinel.cohort.labelled import Labelled
from tinel.cohort.outcomes import Outcomes
from tinel.exam.limb import Floats

if TYPE_CHECKING:
    import xarray as xr

FINDING = ("side", "arm", "day", "test", "target", "study", "site", "quantity", "unit")


def to_xarray(outcomes: Outcomes, studies: Mapping[str, str]) -> xr.Dataset:
    """One variable per quantity, each with its ``units``.

    Args:
        outcomes: of all twins.
        studies: target by conduction study.

    Returns:
        Curves over ``(twin, arm, day)``, those of muscles and skin over ``(twin, arm, target,
        day)``, nan where a target has no such quantity; with ``_low`` and ``_high`` at the end of
        their names the ends of each arm's sensitivity range. Arrivals over ``(twin, arm,
        target)``; ``seddon`` and ``sunderland`` over ``(twin, class, exam_day)``; what was drawn
        over ``twin``. Everything measured is ``measured(twin, finding)``, where the coordinates
        ``finding_arm``, ``finding_day``, ``finding_test`` ... say what a finding is.
    """
    import xarray as xr

    curves, arrivals = outcomes.curves, outcomes.arrivals
    arms = tuple(dict.fromkeys(curves.column("arm")))
    targets = tuple(t for t in dict.fromkeys(curves.column("target")) if t)
    variables: dict[str, tuple[tuple[str, ...], Floats, dict[str, str]]] = {}
    for table, last in ((curves, ("day",)), (arrivals, ())):
        for labels, unit, values in table.rows():
            ending = f"_{labels['bound']}" if labels.get("bound") else ""
            dims = ("twin", "arm", *(("target",) if labels["target"] else ()), *last)
            name = labels["quantity"].replace(" ", "_") + ending
            if name not in variables:
                sizes = {"twin": outcomes.n_twin, "arm": len(arms), "target": len(targets)}
                sizes |= {"day": len(outcomes.days)}
                empty = np.full(tuple(sizes[dim] for dim in dims), np.nan)
                variables[name] = (dims, empty, {"units": unit, "long_name": labels["quantity"]})
            whole = variables[name][1][:, arms.index(labels["arm"])]
            if labels["target"]:
                whole[:, targets.index(labels["target"])] = values
            else:
                whole[...] = values
    for labels, unit, values in outcomes.drawn.rows():
        variables[labels["quantity"]] = (("twin",), values, {"units": unit})
    coordinates: dict[str, Any] = {
        "twin": np.arange(outcomes.n_twin),
        "arm": _texts(arms),
        "day": ("day", np.array(outcomes.days), {"units": "days"}),
        "exam_day": ("exam_day", np.array(outcomes.exam_days), {"units": "days"}),
    }
    if targets:
        coordinates["target"] = _texts(targets)
    for system, dim in (
        ("Seddon", "seddon_class"),
        ("Sunderland", "sunderland_grade"),
        ("Mackinnon", "mackinnon_grade"),
    ):
        rows = [(w["name"], v) for w, _, v in outcomes.classes.rows() if w["system"] == system]
        if rows:
            coordinates[dim] = _texts([name for name, _ in rows])
            stacked = np.stack([values for _, values in rows], axis=1)
            dims = ("twin", dim, "exam_day")
            variables[system.lower()] = (dims, stacked, {"units": "fraction"})
    measured = _measured(outcomes, studies)
    if measured:
        coordinates["finding"] = _texts([" | ".join(filter(None, words)) for words, _ in measured])
        for k, name in enumerate(FINDING):
            column = [words[k] for words, _ in measured]
            texts = (
                np.array([float(d or "nan") for d in column]) if name == "day" else _texts(column)
            )
            coordinates[f"finding_{name}"] = ("finding", texts)
        values = np.stack([values for _, values in measured], axis=1)
        variables["measured"] = (("twin", "finding"), values, {"units": "see finding_unit"})
    return xr.Dataset(variables, coordinates)


def _measured(outcomes: Outcomes, studies: Mapping[str, str]) -> list[tuple[list[str], Floats]]:
    found = []
    for side, table in (("affected", outcomes.exams), ("healthy", outcomes.healthy)):
        for labels, unit, values in _rows(table):
            subject = labels["subject"]
            words = labels | {"side": side, "unit": unit, "target": studies.get(subject, subject)}
            words["study"] = subject if subject in studies else ""
            found.append(([words.get(name, "") for name in FINDING], values))
    return found


def _rows(table: Labelled) -> Any:
    return table.rows()


def _texts(words: Any) -> Any:
    return np.array(list(words), dtype=np.str_)
