"""``tinel quiz``: one blind page, the truth only where it is unfolded."""

from __future__ import annotations

import base64
import json
import re
import wave
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from tinel.case import load
from tinel.cli import main
from tinel.quiz.choices import ages, class_at, next_at, texts
from tinel.quiz.draw import draw
from tinel.quiz.page import Shown, render
from tinel.quiz.study import BlindStudy, examine
from tinel.quiz.truth import truth_of

ROOT = Path(__file__).parents[1]
BLOCK, CUT, SKIN = (
    ROOT / "examples" / name
    for name in ("block.toml", "cut.toml", "teaching/lateral_femoral_cutaneous.toml")
)
KINDS = ("neither", "block", "axon loss", "mixed")


class Outside(HTMLParser):
    """The text and the attributes of a page outside of its answers."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.text, self.tags = 0, "", list[tuple[str, dict[str, str | None]]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside += tag == "details"
        if not self.inside:
            self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "details"

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text += data


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case whose texts try to be markup."""
    text = BLOCK.read_text(encoding="utf-8").replace(
        "deep sleep with the arm over the back of a chair", "<script>alert(1)</script> & more"
    )
    file = tmp_path_factory.mktemp("quiz") / "<b>secret.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def studies(hostile: Path) -> tuple[BlindStudy, ...]:
    cases = [load(hostile), load(CUT), load(SKIN)]
    return tuple(examine(draw(cases, 4, k)) for k in range(4))


@pytest.fixture(scope="module")
def made(studies: tuple[BlindStudy, ...]) -> tuple[str, tuple[Shown, ...]]:
    return render(studies, 4)


def outside(page: str) -> Outside:
    parser = Outside()
    parser.feed(page)
    assert parser.inside == 0
    return parser


def test_a_seed_gives_the_same_people_and_another_seed_others() -> None:
    cases = [load(BLOCK), load(CUT)]
    assert draw(cases, 3, 1).days == draw(cases, 3, 1).days
    drawn = [draw(cases, seed, k) for seed in range(10) for k in range(4)]
    assert len({(one.case.run.seed, one.days) for one in drawn}) == 40
    assert {one.side for one in drawn} == {"left", "right"}
    assert {one.case.nerve.name for one in drawn} == {"radial", "ulnar"}
    assert all(1 <= day <= one.case.run.horizon_days for one in drawn for day in one.days)
    classes = [class_at("age", one.days[0]) for one in drawn]
    print(f"\nstudies by class of age: {np.bincount(classes).tolist()}")
    assert set(classes) == set(range(len(ages())))


def test_a_question_does_not_depend_on_how_many_there_are(tmp_path: Path) -> None:
    one, two = (tmp_path / f"{n}.html" for n in (1, 2))
    words = ["quiz", str(SKIN), "--seed", "4"]
    assert main([*words, "--out", str(one)]) == 0
    assert main([*words, "--count", "2", "--out", str(two)]) == 0
    first, second = (f.read_text(encoding="utf-8") for f in (one, two))
    section = re.compile(r"<section>.*?</section>", re.S)
    assert section.findall(first)[0] == section.findall(second)[0]
    assert len(section.findall(second)) == 2


def test_nothing_is_loaded_and_no_script_stands_there(made: tuple[str, tuple[Shown, ...]]) -> None:
    page, _ = made
    assert "<script" not in page and "http-equiv" in page
    assert not re.search(r"\b(src|href)=(?![\"'](data:|#))", page)
    assert not re.search(r"\bon\w+=", page) and "@import" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page  # in an answer, as text
    assert len(page) < 400_000 * 4


def test_the_truth_stands_in_the_answers_only(
    made: tuple[str, tuple[Shown, ...]], studies: tuple[BlindStudy, ...]
) -> None:
    page, shown = made
    seen = outside(page)
    attributes = " ".join(str(v) for tag, a in seen.tags for v in a.values() if tag != "audio")
    for study, one in zip(studies, shown, strict=True):
        for word in ("secret", one.cause, "twin", f"day {study.visit.day:g}", "cut.toml"):
            assert word not in seen.text + attributes
        for _, _, sentence in one.sentences:
            assert sentence not in seen.text
        assert one.source.replace("<", "&lt;").replace(">", "&gt;") in page
    radios = [a for tag, a in seen.tags if tag == "input"]
    assert all(set(a) == {"type", "name"} for a in radios)  # nothing marks the right one
    assert [a for tag, a in seen.tags if tag == "details"] == []
    assert page.count("<details>") == len(studies)


def test_the_options_have_one_order_whatever_is_right(
    made: tuple[str, tuple[Shown, ...]],
) -> None:
    _, shown = made
    for one in shown:
        asked = {q.name: q for q in one.questions}
        assert tuple(asked) == ("kind", "where", "age", "severity", "next")
        for name in ("kind", "age", "severity", "next"):
            assert asked[name].options == texts(name)
    assert len({one.questions[0].right for one in shown}) > 1
    assert all(next_at(kind, day) >= 0 for kind in KINDS for day in (1.0, 21.0, 90.0, 9000.0))


def test_the_truth_is_that_of_the_fibres(studies: tuple[BlindStudy, ...]) -> None:
    for study in studies:
        truth, limb = truth_of(study.visit.limb), study.visit.limb
        print(f"\n{study.drawn.case.cause.kind}, day {study.visit.day:g}: {truth}")
        assert 0 <= truth.lost + truth.blocked <= 1 + 1e-9
        assert truth.conducting == pytest.approx(
            1 - truth.blocked - truth.lost + truth.back, abs=0.1
        )
        if study.drawn.case.cause.kind == "laceration":
            assert truth.kind == "axon loss" and truth.lost == 1 and truth.landmark == "wrist"
        if limb.nerve.name == "radial":
            assert truth.landmark == "spiral groove"


def test_the_sound_is_short_and_that_of_the_needle(
    made: tuple[str, tuple[Shown, ...]], studies: tuple[BlindStudy, ...]
) -> None:
    _, shown = made
    heard = [(one, study) for one, study in zip(shown, studies, strict=True) if one.heard]
    assert heard and any(not one.heard for one in shown)  # a nerve of skin moves no muscle
    for one, study in heard:
        for h, recording in zip(one.heard, study.recordings, strict=True):
            with wave.open(BytesIO(base64.b64decode(h.sound.split(",")[1]))) as file:
                assert (file.getframerate(), file.getsampwidth()) == (8000, 2)
                raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            assert raw.size == 24000
            level = float(np.std(raw * (2000.0 / 32767))), float(np.std(recording.signal_uV))
            print(f"\n{h.muscle}, {h.effort}: level {level[0]:.1f} of {level[1]:.1f} uV")
            assert 0.5 * level[1] < level[0] < 1.01 * level[1]


def test_json_has_the_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "quiz.html"
    assert main(["quiz", str(SKIN), "--seed", "4", "--out", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file"] == str(file) and told["count"] == 1
    assert told["answers"][0]["where"] in ("inguinal ligament", "thigh")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out", "quiz.pdf"], "--out quiz.pdf: the name ends in '.pdf' (allowed: .html)"),
        (["--out", "a.html", "--count", "0"], "--count: 0 is out of range (allowed: 1 to 50)"),
        (["--out", "a.html", "--seed", "-1"], "--seed: -1 is out of range (allowed: 0 or more)"),
        ([], "--out"),
    ],
)
def test_mistakes_are_told(
    words: list[str],
    told: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["quiz", str(BLOCK), *words]) == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
