"""Every twin's values as one long table (pandas)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tinel.cohort.labelled import Labelled
from tinel.cohort.outcomes import Outcomes
from tinel.exam.limb import Floats

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("twin", "side", "arm", "bound", "day", "test", "target", "study", "site", "quantity",
           "value", "unit")  # fmt: skip
WORDS = ("side", "arm", "bound", "test", "target", "study", "site", "quantity", "unit")


@dataclass(frozen=True)
class _Part:
    """Rows that share a form: their words, their days, and the values of all twins."""

    words: Sequence[dict[str, str]]
    days: Floats  # (n_row, n_day), nan where a value belongs to no day
    values: Floats  # (n_twin, n_row, n_day)


def to_dataframe(outcomes: Outcomes, studies: Mapping[str, str], waiting: str) -> pd.DataFrame:
    """One row per twin, arm, day, target and quantity.

    Args:
        outcomes: of all twins.
        studies: target by conduction study.
        waiting: name of the arm whose classes of damage are kept.

    Returns:
        Columns ``twin``, ``side``, ``arm``, ``bound``, ``day``, ``test``, ``target``, ``study``,
        ``site``, ``quantity``, ``value`` and ``unit``. ``day`` is nan where a value belongs to no
        day, such as the date of the first regrown axons; ``value`` is nan where a response is
        absent or no axon was lost, inf for never and for not felt.
    """
    import pandas as pd

    parts = [part for part in _parts(outcomes, studies, waiting) if len(part.words)]
    twins, n_twin = [], outcomes.n_twin
    columns: dict[str, list[NDArray[np.object_]]] = {name: [] for name in WORDS}
    days, values = [], []
    for part in parts:
        n_row, n_day = part.days.shape
        twins.append(np.repeat(np.arange(n_twin), n_row * n_day))
        days.append(np.tile(part.days.ravel(), n_twin))
        values.append(part.values.ravel())
        for name in WORDS:
            of_row = np.array([words.get(name, "") for words in part.words], dtype=object)
            columns[name].append(np.tile(np.repeat(of_row, n_day), n_twin))
    table = {"twin": np.concatenate(twins), "day": np.concatenate(days)}
    table |= {name: np.concatenate(column) for name, column in columns.items()}
    table["value"] = np.concatenate(values)
    return pd.DataFrame(table)[list(COLUMNS)]


def _parts(outcomes: Outcomes, studies: Mapping[str, str], waiting: str) -> Iterator[_Part]:
    curves = outcomes.curves
    days = np.broadcast_to(np.array(outcomes.days), (len(curves.labels), len(outcomes.days)))
    yield _Part([_affected(words) for words in _words(curves)], days, curves.values)
    exams = _words(outcomes.exams)
    on = np.array([[float(words.pop("day"))] for words in exams])
    tested = [_affected(_subject(words, studies)) for words in exams]
    yield _Part(tested, on, outcomes.exams.values[..., None])
    other = [_subject(words, studies) | {"side": "healthy"} for words in _words(outcomes.healthy)]
    yield _Part(other, np.full((len(other), 1), np.nan), outcomes.healthy.values[..., None])
    classes = [
        _affected({"arm": waiting, "quantity": f"{w['system']} {w['name']}", "unit": w["unit"]})
        for w in _words(outcomes.classes)
    ]
    exam_days = np.broadcast_to(
        np.array(outcomes.exam_days), (len(classes), len(outcomes.exam_days))
    )
    yield _Part(classes, exam_days, outcomes.classes.values)
    for table in (outcomes.arrivals, outcomes.drawn):
        words = [_affected(one) for one in _words(table)]
        yield _Part(words, np.full((len(words), 1), np.nan), table.values[..., None])


def _words(table: Labelled) -> list[dict[str, str]]:
    return [{**labels, "unit": unit} for labels, unit, _ in table.rows()]


def _affected(words: dict[str, str]) -> dict[str, str]:
    return words | {"side": "affected"}


def _subject(words: dict[str, str], studies: Mapping[str, str]) -> dict[str, str]:
    subject = words["subject"]
    study = subject if subject in studies else ""
    return words | {"study": study, "target": studies.get(subject, subject)}
