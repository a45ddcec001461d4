"""Compiled code: never that of another function, whatever happens to where it is kept."""

from __future__ import annotations

import functools
import os
import threading
import time
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest

from tinel.cable.conduction.kept import kept
from tinel.cable.solvers import compile_cache
from tinel.cable.solvers.compile_cache import cache_folder, compiled, torn
from tinel.cable.solvers.kept_files import one_maker
from tinel.cable.solvers.origin import UnknownOriginError, origin


def scaled(x: Any) -> Any:
    """A template; ``gain`` comes from outside."""
    return gain(x) * 2.0  # type: ignore[name-defined]  # noqa: F821


def made(value: Any, helper: Any = None) -> Any:
    """The template with a gain that holds ``value`` in its closure."""
    jit = numba.njit(inline="always")
    inner = jit(lambda x: x * value) if helper is None else jit(helper)
    return compiled(scaled, {"gain": inner})


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv("TINEL_CACHE", str(tmp_path / "cache"))
    compile_cache._SAID.clear()
    return tmp_path / "cache" / "compiled"


def test_kept_and_found_again(own: Path) -> None:
    assert made(3.0)(1.0) == 6.0
    (file,) = own.iterdir()
    again = made(3.0)
    assert again(1.0) == 6.0 and sum(again.stats.cache_hits.values()) == 1
    assert made(4.0)(1.0) == 8.0 and made(np.float32(3.0))(1.0) == 6.0
    assert len(list(own.iterdir())) == 3 and file.exists()


@pytest.mark.parametrize("damage", [b"", b"torn", None])
def test_a_torn_file_is_written_anew(own: Path, damage: bytes | None) -> None:
    made(3.0)(1.0)
    (file,) = own.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-9] + b"!" + whole[-8:] if damage is None else damage)
    assert torn() == [file]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert made(3.0)(1.0) == 6.0
    assert torn() == [] and len(file.read_bytes()) == len(whole)


def test_who_comes_second_waits_and_loads(own: Path) -> None:
    made(3.0)(1.0)
    (file,) = own.iterdir()
    whole, again = file.read_bytes(), made(3.0)
    file.unlink()
    second = threading.Thread(target=lambda: again(1.0))
    with one_maker(file):
        second.start()
        time.sleep(0.1)
        file.write_bytes(whole)
    second.join()
    assert sum(again.stats.cache_hits.values()) == 1
    assert list(own.iterdir()) == [file]


def test_a_table_is_made_by_one(own: Path) -> None:
    computed = []

    def compute() -> dict[str, Any]:
        computed.append(1)
        time.sleep(0.1)
        return {"x": np.ones(2)}

    askers = [threading.Thread(target=kept, args=("some", 1.0, compute)) for _ in range(3)]
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    assert len(computed) == 1 and len(list((own.parent / "tables").iterdir())) == 1


def test_a_compilation_that_fails_keeps_nobody_waiting(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def one_at_a_time(file: Path) -> Any:
        asked.append(True)
        return one_maker(file)

    monkeypatch.setattr(compile_cache, "one_maker", one_at_a_time)
    faulty = compiled(scaled, {"gain": "no function"})
    with pytest.raises(numba.TypingError):
        faulty(1.0)
    assert asked and not list(own.rglob("*.lock"))  # whoever holds a lock takes it away in the end


def test_no_place_for_it_is_said_once_and_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TINEL_CACHE", str(tmp_path / "file" / "below"))
    with pytest.warns(UserWarning, match=r"cannot be kept in .*below.*TINEL_CACHE") as said:
        assert [made(v)(1.0) for v in (3.0, 4.0, 5.0)] == [6.0, 8.0, 10.0]
    assert len(said) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        with open("/dev/full", "wb", buffering=0) as file:
            file.write(b"x")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.warns(UserWarning, match="No space left"):
        assert made(3.0)(1.0) == 6.0
    assert list(own.iterdir()) == []


def test_a_foreign_file_is_not_run(own: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only the administrator can give files away")
    made(3.0)(1.0)
    (file,) = own.iterdir()
    os.chown(file, 65534, 65534)
    again = made(3.0)
    assert again(1.0) == 6.0 and not again.stats.cache_hits


def test_numbers_and_helpers_in_other_files_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def edited(**content: Any) -> str:
        other = ModuleType("my_numbers")
        vars(other).update(content)
        space: dict[str, Any] = {"numbers": other, "__name__": "mine"}
        exec("def helper(x): return x * 1.0\ndef rate(x): return numbers.G[0] * helper(x)", space)
        if "body" in content:
            exec(content["body"], space)
        return origin(space["rate"])

    same = edited(G=(1.5,))
    assert same == edited(G=(1.5,), unused=3)
    changed = {
        same,
        edited(G=(1.6,)),
        edited(G=[1.5]),
        edited(G=(1.5,), body="def helper(x): return x * 2.0"),
        edited(G=(1.5,), body="def helper(x, y=1): return x * 1.0"),
    }
    assert len(changed) == 5


def test_values_of_every_kind_count() -> None:
    def around(value: Any) -> str:
        return origin(lambda x: (x, value))

    values: list[Any] = [
        1, 1.0, True, "1", b"1", None, (1,), [1], {"a": 1}, {1, 2}, np.float32(1), np.float64(1),
        np.array([1.0]), np.array([[1.0]]), float, np.exp, np.sin, len, np.dtype("f4"),
        functools.partial(pow, 2), functools.partial(pow, 3),
    ]  # fmt: skip
    assert len({around(value) for value in values}) == len(values)
    assert all(around(value) == around(value) for value in values)
    with pytest.raises(UnknownOriginError):
        around(object())


@pytest.mark.parametrize(
    ("setting", "place"),
    [
        ({"TINEL_CACHE": "/a/b", "XDG_CACHE_HOME": "/c", "HOME": "/"}, "/a/b"),
        ({"XDG_CACHE_HOME": "/c", "HOME": "/"}, "/c/tinel"),
        ({"XDG_CACHE_HOME": "", "HOME": "/"}, "/.cache/tinel"),
        ({"XDG_CACHE_HOME": "c", "HOME": "/"}, "/.cache/tinel"),
        ({"HOME": "/there/is/none", "TMPDIR": "/t"}, "tinel-"),
        ({"HOME": ""}, "tinel"),
    ],
)
def test_where_it_is_kept(
    monkeypatch: pytest.MonkeyPatch, setting: dict[str, str], place: str
) -> None:
    for name in ("TINEL_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    assert place in str(cache_folder()) and cache_folder().is_absolute()
