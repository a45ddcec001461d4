"""The words of a case file, listed from the declarations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tinel.cli import main
from tinel.errors import TinelError
from tinel.vocabulary import KINDS, as_markdown, vocabulary

ROOT = Path(__file__).parents[1]


def test_the_table_of_the_readme_is_made_from_the_declarations() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = [w for w in vocabulary() if w.kind in ("nerve", "cause", "treatment", "test")]
    assert as_markdown(shown) in readme


def test_every_kind_has_words_and_every_word_a_meaning() -> None:
    every = vocabulary()
    assert {word.kind for word in every} == set(KINDS)
    assert all(word.text for word in every)


def test_a_word_is_found_by_another_name_and_in_the_plural() -> None:
    assert vocabulary("division")[0].name == "laceration"
    assert vocabulary("treatments") == vocabulary("treatment")


def test_an_unknown_word_suggests_the_right_one() -> None:
    with pytest.raises(TinelError, match="did you mean 'neurolysis'"):
        vocabulary("neurolisis")


def test_own_words_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    own = str(ROOT / "examples" / "own" / "stimulation.py")
    assert main(["words", "treatment", "--with", own, "--json"]) == 0
    words = json.loads(capsys.readouterr().out)["words"]
    assert "electrical stimulation" in [word["name"] for word in words]


def test_one_word_shows_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "graft"]) == 0
    shown = capsys.readouterr().out
    assert "gap_mm" in shown and "1 to 300 mm (needed)" in shown
