"""``tinel exam --needle-in``: what a misplaced needle writes down, and the truth beside it."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from tinel.case import load
from tinel.errors import TinelError
from tinel.exam_command.as_json import as_data
from tinel.exam_command.asked import ask_exam
from tinel.exam_command.compute import Examined, examined
from tinel.exam_command.needle_in import check_needles, with_needles_in
from tinel.exam_command.show import as_text
from tinel.exam_command.sound import Wanted, write_sound
from tinel.exam_command.together import together

BLOCK = Path(__file__).parents[1] / "examples" / "block.toml"


@pytest.fixture(scope="module")
def radial() -> tuple[Examined, ...]:
    return examined(ask_exam(load(BLOCK).with_run(twins=2), 42, tests=["needle EMG"]))


def test_the_report_says_what_the_needle_finds_where_it_is(radial: tuple[Examined, ...]) -> None:
    where = ["extensor indicis=fat", "Triceps = another nerve"]
    (one,) = with_needles_in(radial, where)
    text = " ".join(as_text([one]).split())
    assert "extensor indicis: No insertional activity and no motor unit" in text
    assert "The needle lay in fat, not in extensor indicis. In extensor indicis it finds" in text
    assert "lay in a muscle of another nerve, not in triceps" in text
    assert "Conduction and needle taken together:" in text
    data = as_data([one])
    assert [m["true"] for m in data["needle_in"]] == ["fat", "another nerve"]
    assert data["needle_in"][0]["true_reading"] not in [r["sentence"] for r in data["readings"]][:1]
    assert data["together"] == [{"nerve": "radial", "kind": together(one)}]


def test_one_needle_leaves_the_other_muscles_alone(radial: tuple[Examined, ...]) -> None:
    (one,) = with_needles_in(radial, ["extensor indicis=triceps"])
    for before, after in zip(
        radial[0].visit.examination.measurements, one.visit.examination.measurements, strict=True
    ):
        if before.subject != "extensor indicis":
            assert after is before
    seen = one.visit.examination
    name = "motor unit potential amplitude"
    assert seen.value("extensor indicis", name) == seen.value("triceps", name)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (["deltoid=fat"], "'deltoid' is no muscle of this nerve"),
        (["triceps"], "names no two places"),
        (["triceps=fat", "triceps=fat"], "named twice"),
        (["triceps=bone"], "cannot lie in 'bone'"),
    ],
)
def test_bad_places(where: list[str], message: str) -> None:
    with pytest.raises(TinelError, match=message):
        check_needles(load(BLOCK), ["needle EMG"], where)


def test_a_needle_needs_its_test() -> None:
    with pytest.raises(TinelError, match="'needle EMG' is not done"):
        check_needles(load(BLOCK), ["strength"], ["triceps=fat"])


def test_the_sound_is_that_of_the_place(radial: tuple[Examined, ...], tmp_path: Path) -> None:
    heard = {}
    for where in ("fat", "another nerve", "triceps"):
        (one,) = with_needles_in(radial, [f"extensor indicis={where}"])
        write_sound([one], Wanted(tmp_path / "x.wav", 0, "extensor indicis", "full"))
        with wave.open(str(tmp_path / "x.wav")) as file:
            levels = np.frombuffer(file.readframes(20000), "<i2").astype(float)
        heard[where] = np.std(levels)
    assert heard["fat"] < 0.3 * min(heard["another nerve"], heard["triceps"])
