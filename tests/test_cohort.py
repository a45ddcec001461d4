"""Twins in any chunks, on any number of processes, interrupted or not: the same numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tinel import flow
from tinel.case import load
from tinel.case.schema import Exam
from tinel.cohort import gather as gathering
from tinel.cohort.chunk import compute
from tinel.cohort.gather import gather
from tinel.cohort.kept import Kept
from tinel.cohort.outcomes import Outcomes
from tinel.cohort.person import grow
from tinel.cohort.summary import quantiles
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.exam.laboratory import Laboratory, set_up
from tinel.progress import silent

CASE = load(Path(__file__).parents[1] / "examples" / "ivy.toml").with_run(1, 6)
DAYS = (0.0, 10.0, 90.0, 365.0)


@pytest.fixture(scope="module")
def laboratory() -> Laboratory:
    return set_up(grow(CASE, range(1)), temperature_C=33.0)


@pytest.fixture(scope="module")
def whole(laboratory: Laboratory) -> Outcomes:
    """All twins in one chunk."""
    return compute(CASE, range(6), laboratory, DAYS)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINEL_CACHE", str(tmp_path))
    monkeypatch.setattr(gathering, "CHUNK", 2)


def equal(one: Outcomes, other: Outcomes, within: float = 0.0, twins: slice = slice(None)) -> bool:
    """Same labels, and the same values of ``twins`` of the one and of all twins of the other."""
    return one.read == other.read and all(
        (table.names, table.labels, table.units) == (there.names, there.labels, there.units)
        and np.allclose(table.values[twins], there.values, rtol=within, atol=within, equal_nan=True)
        for table, there in zip(one.tables().values(), other.tables().values(), strict=True)
    )


def test_chunks_do_not_matter(laboratory: Laboratory, whole: Outcomes) -> None:
    part = compute(CASE, range(3, 5), laboratory, DAYS)
    # sums over fibres are split differently by the size of the batch: the last digits may differ
    assert equal(whole, part, within=1e-9, twins=slice(3, 5))


def test_chunks_do_not_matter_where_axons_have_gone_astray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # tables kept by other tests serve here too
    example = Path(__file__).parents[1] / "examples" / "teaching" / "mixed_ulnar_crush.toml"
    case = load(example).with_run(1, 8)
    case = replace(case, exam=(Exam(days=(365.0,), tests=tuple(case.tests)),))
    tables = set_up(grow(case, range(1)))
    every, some = (compute(case, which, tables, DAYS) for which in (range(8), range(2, 5)))
    assert equal(every, some, within=1e-9, twins=slice(2, 5))


def test_processes_do_not_matter(laboratory: Laboratory) -> None:
    one = gather(CASE, laboratory, DAYS, silent, workers=1)
    two = gather(CASE, laboratory, DAYS, silent, workers=2)
    assert equal(one, two)


@pytest.mark.parametrize("workers", [1, 2])
def test_several_processes_find_the_tables_of_injury(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """A cut opens no paranode in the first twin, and what only workers might need is not noted."""
    cut = load(Path(__file__).parents[1] / "examples" / "cut.toml").with_run(1, 2)
    made: list[str] = []

    def make(name: str, parameters: Parameters) -> None:
        assert parameters is not cut.parameters
        made.append(name)
        raise TinelError("differs between twins")

    for name in ("opening.opened", "regrown.regrown"):
        monkeypatch.setattr(f"tinel.cable.conduction.{name}", lambda _, p, n=name: make(n, p))

    def stop(*_: object) -> None:
        raise InterruptedError

    monkeypatch.setattr(flow, "gather", stop)
    with pytest.raises(InterruptedError):
        flow.run(cut, workers=workers)
    assert made == (["opening.opened", "regrown.regrown"] if workers > 1 else [])


def test_an_interrupted_run_resumes(
    laboratory: Laboratory, whole: Outcomes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[range] = []

    def counted(case, twins, *rest):  # type: ignore[no-untyped-def]
        if twins.start == 4 and len(computed) == 2:
            computed.append(twins)
            raise KeyboardInterrupt
        computed.append(twins)
        return compute(case, twins, *rest)

    monkeypatch.setattr(gathering, "compute", counted)
    with pytest.raises(KeyboardInterrupt):
        gather(CASE, laboratory, DAYS, silent)
    assert len(list(tmp_path.rglob("*.npz"))) == 2
    resumed = gather(CASE, laboratory, DAYS, silent)
    assert [t.start for t in computed] == [0, 2, 4, 4]
    assert equal(resumed, whole, within=1e-9)
    assert len(list(tmp_path.rglob("*.npz"))) == 3, "they stay until the result is whole"


def test_a_torn_chunk_is_computed_again(laboratory: Laboratory, tmp_path: Path) -> None:
    whole = gather(CASE, laboratory, DAYS, silent)
    for torn in (b"", b"PK torn"):
        (Kept.of(CASE, laboratory, DAYS).folder / "0-2.npz").write_bytes(torn)
        assert equal(gather(CASE, laboratory, DAYS, silent), whole)


def test_quantiles_know_never_and_absent() -> None:
    values = np.array([[1.0, np.nan], [2.0, np.nan], [np.inf, 5.0]])
    assert quantiles(values)[2].tolist() == [2.0, 5.0]
    assert quantiles(values)[4].tolist() == [np.inf, 5.0]
    assert np.isnan(quantiles(np.array([np.nan]))).all()


def test_labels_that_are_not_there_are_named(laboratory: Laboratory) -> None:
    outcomes = compute(CASE, range(1), laboratory, DAYS)
    with pytest.raises(TinelError, match=r"quantity 'forse'.*force"):
        outcomes.curves.of(arm="wait", quantity="forse", target="gastrocnemius")


def test_twins_may_differ_in_a_parameter(laboratory: Laboratory, whole: Outcomes) -> None:
    """One value per twin gives each twin what a run with that value for all gives it."""
    key = "laboratory.touch.enough"
    enough = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9]
    mixed = compute(CASE.with_parameters({key: np.array(enough)}), range(6), laboratory, DAYS)
    for twin in (0, 5):
        alone = CASE.with_parameters({key: enough[twin]})
        one = compute(alone, range(twin, twin + 1), laboratory, DAYS)
        assert equal(mixed, one, within=1e-9, twins=slice(twin, twin + 1))
    assert not equal(mixed, whole)
