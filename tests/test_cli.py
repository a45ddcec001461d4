"""The command line around a computation that takes no time."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import tinel
from tinel.cli import main
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.terminal import print_json

TANYA = str(Path(__file__).parents[1] / "examples" / "tanya.toml")
PROGRAM = [sys.executable, "-c", "import sys; from tinel.cli import main; sys.exit(main())"]
HEAVY = ("jax", "matplotlib", "pint", "scipy", "numpy", "pydantic", "rich", "pandas", "xarray")


class Stage:
    """Stands in for the computation: notes what it was asked, and fails on demand."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.failure: BaseException | None = None
        self.manifest: str | None = None

    def run(self, case: Any, *, progress: Any, workers: int, keep: bool) -> SimpleNamespace:
        """What ``tinel.flow.run`` promises."""
        seed, twins = case.run.seed, case.run.twins
        self.asked = {"case": case, "seed": seed, "twins": twins}
        progress(1, 2, "cable")
        if self.failure:
            raise self.failure
        progress(2, 2, "cable")
        return SimpleNamespace(
            summary=lambda: f"{case.patient.sex}\x1b[2J, {twins} twins",
            as_json=lambda: {"seed": seed, "limit": float("inf")},
            forget_parts=lambda: None,
        )

    def write(self, result: Any, folder: Path) -> None:
        """What ``tinel.report.write`` promises."""
        for name in ("report.html", "findings.csv", "course.csv", "manifest.json"):
            (folder / name).write_text(str(self.asked["seed"]))
        if self.manifest is not None:
            (folder / "manifest.json").write_text(self.manifest)

    def write_table(self, results: Any, path: Path) -> None:
        """What ``tinel.report.write_table`` promises."""
        path.write_text(f"{len(results)} results")


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    """Put the stage in the place of the computation, in an empty working folder."""
    acted = Stage()
    verbs = {"flow": {"run": acted.run}}
    verbs["report"] = {"write": acted.write, "write_table": acted.write_table}
    for name, content in verbs.items():
        module = ModuleType(f"tinel.{name}")
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, f"tinel.{name}", module)
    monkeypatch.chdir(tmp_path)
    return acted


def test_a_run_writes_beside_you(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", TANYA]) == 0
    told = capsys.readouterr()
    assert sorted(os.listdir("out/tanya")) == [
        "course.csv",
        "findings.csv",
        "manifest.json",
        "report.html",
    ]
    assert "female[2J, 200 twins" in told.out and "report.html" in told.out
    assert "cable: 1 of 2" in told.err


def test_options_reach_the_run(stage: Stage, tmp_path: Path) -> None:
    assert main(["run", TANYA, "--seed", "9", "--twins", "4", "--out", str(tmp_path / "x")]) == 0
    assert (stage.asked["seed"], stage.asked["twins"]) == (9, 4)
    assert (tmp_path / "x" / "manifest.json").read_text() == "9"
    assert not (tmp_path / "out").exists()


CUT = TANYA.replace("tanya", "cut")


def test_several_cases(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", TANYA, CUT, "--table", "all.csv", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [r["folder"].rsplit("/", 1)[1] for r in told["results"]] == ["tanya", "cut"]
    assert told["table"] == "all.csv" and Path("all.csv").read_text() == "2 results"
    assert sorted(os.listdir("out")) == ["cut", "tanya"]
    assert main(["run", TANYA, CUT, "--out", "both"]) == 0
    assert sorted(os.listdir("both")) == ["cut", "tanya"]
    assert main(["run", TANYA, TANYA]) == 2
    assert "two cases are called tanya" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--table", "t.xlsx"], "--table t.xlsx: the name ends in '.xlsx' (allowed: .parquet,"),
        (["--table", "no/t.csv"], "--table no/t.csv: its folder does not exist"),
        (["--set", "course.growth.rate"], "--set: 'course.growth.rate' is not KEY=VALUE"),
        (["--set", "course.growth.rat=2"], "--set course.growth.rat: no number has the key"),
        (["--set", "course.growth.rate=2 kg"], "--set course.growth.rate: '2 kg' is a mass"),
        (["--set", "course.growth.rate=nan"], "--set course.growth.rate: "),
        (["--with", "no.py"], "--with no.py: cannot be read"),
        (["--twins", "0"], "--twins: 0 is"),
    ],
)
def test_options_are_refused_by_name(
    stage: Stage, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert main(["run", TANYA, *words]) == 2
    assert told in capsys.readouterr().err
    assert stage.asked == {} and not Path("out").exists()


def test_changed_numbers_reach_the_run(stage: Stage) -> None:
    assert main(["run", TANYA, "--set", "course.growth.rate=2", "--set",
                 "exam.junction.delay_ms=600 us"]) == 0  # fmt: skip
    changed = stage.asked["case"].parameters.changed
    assert changed["course.growth.rate"] == 2.0
    assert changed["exam.junction.delay_ms"] == pytest.approx(0.6)


def test_own_files_are_run(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("open('ran', 'w').close()\n")
    assert main(["run", TANYA, "--with", "mine.py"]) == 0
    assert Path("ran").exists()


def test_json_alone_on_standard_output(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", TANYA, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["seed"] == 1 and told["limit"] is None
    assert told["report"].endswith("out/tanya/report.html")


@pytest.fixture
def movers() -> ModuleType:
    """The module that finds them, loaded before the stage takes the place of the report."""
    importlib.import_module("tinel.calibration.sensitivity_files")
    return importlib.import_module("tinel.calibration.sensitivity")


def found_by_sensitivity(*_: Any, **__: Any) -> list[Any]:
    from tinel.calibration.sensitivity import Forecast, Mover

    forecast = Forecast("wait", "deltoid", "force", 365.0)
    return [Mover(forecast, "course.growth.rate", 1.0, 2.0, "mm/day", "read", 8.0, 1.0)]


def test_sensitivity_stands_beside_the_report_and_is_told(
    movers: ModuleType,
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(movers, "sensitivity", found_by_sensitivity)
    stage.manifest = '{"files": {}}'
    assert main(["run", TANYA, "--sensitivity"]) == 0
    assert "8.0  course.growth.rate (1 to 2 mm/day)" in capsys.readouterr().out
    files = ["sensitivity.csv", "sensitivity.svg"]
    assert set(files) < set(os.listdir("out/tanya"))
    assert list(json.loads(Path("out/tanya/manifest.json").read_text())["files"]) == files
    assert main(["run", TANYA, "--sensitivity", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [Path(name).name for name in told["sensitivity"]] == files
    assert all(Path(name).is_file() for name in told["sensitivity"])


@pytest.mark.parametrize(
    ("failure", "code"), [(TinelError("nothing in this case is uncertain"), 2),
                          (KeyboardInterrupt(), 130)]
)  # fmt: skip
def test_a_sensitivity_that_fails_leaves_every_report(
    movers: ModuleType,
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    code: int,
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise failure

    monkeypatch.setattr(movers, "sensitivity", fails)
    assert main(["run", TANYA, CUT, "--sensitivity", "--table", "all.csv"]) == code
    for name in ("tanya", "cut"):
        assert "report.html" in os.listdir(f"out/{name}")
    assert Path("all.csv").is_file()


def test_open(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: bool(opened.append(address)))
    assert main(["run", TANYA, "--open"]) == 0
    assert opened[0].startswith("file:///") and opened[0].endswith("/out/tanya/report.html")
    assert "no browser could be started" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (TinelError("no landmark", "tanya.toml: cause.site", "try"), 2, "cause.site: no landmark"),
        (ZeroDivisionError("oh"), 1, "TINEL_DEBUG=1"),
        (MemoryError(), 1, "not enough memory"),
    ],
)
def test_failures_keep_the_older_result(
    stage: Stage,
    capsys: pytest.CaptureFixture[str],
    failure: BaseException,
    code: int,
    words: str,
) -> None:
    assert main(["run", TANYA]) == 0
    stage.failure = failure
    assert main(["run", TANYA, "--seed", "2", "--json"]) == code
    told = capsys.readouterr()
    assert words in told.err and "Traceback" not in told.err
    assert json.loads(told.out[told.out.rindex('{\n "error"') :])["error"]["code"] == code
    assert Path("out/tanya/manifest.json").read_text() == "1"
    assert os.listdir("out") == ["tanya"]


def test_debug_shows_the_traceback(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINEL_DEBUG", "1")
    stage.failure = ZeroDivisionError("oh")
    with pytest.raises(ZeroDivisionError):
        main(["run", TANYA])


def test_target_is_refused_before_anything_is_computed(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    assert main(["run", TANYA, "--out", str(tmp_path)]) == 2
    assert stage.asked == {}
    assert "holds no Tinel result" in capsys.readouterr().err


def test_evidence_key(capsys: pytest.CaptureFixture[str]) -> None:
    key = next(iter(Parameters.of_evidence()))
    assert main(["evidence", key]) == 0
    told = capsys.readouterr().out
    assert told.startswith(key) and "source" in told and "grade" in told
    assert "allowed" in told and " to " in told


def test_evidence_lists(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "course"]) == 0
    assert capsys.readouterr().out.count("\n") == sum(
        k.startswith("course") for k in Parameters.of_evidence()
    )
    assert main(["evidence"]) == 0
    assert "course" in capsys.readouterr().out
    assert main(["evidence", "course", "--json"]) == 0
    numbers = json.loads(capsys.readouterr().out)["numbers"]
    assert {"key", "value", "unit", "source", "evidence_grade"} <= numbers[0].keys()


def test_evidence_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "coarse.growth.rate"]) == 2
    told = capsys.readouterr().err
    assert "subjects:" in told and len(told) < 500


def test_doctor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    names = [check["name"] for check in told["checks"]]
    assert told["fine"] and {"python", "jax devices", "fonts", "compilation cache"} <= set(names)
    monkeypatch.setattr("tinel.doctor._jax", lambda: 1 / 0)
    assert main(["doctor"]) == 1
    assert "BAD  jax devices" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"tinel {tinel.__version__}\n"


def test_help_without_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "no advice for a person" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("code", ["import tinel", "import tinel.cli"])
def test_light_imports(code: str) -> None:
    ask = f"{code}; import sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_tables_are_not_loaded_where_none_is_written() -> None:
    ask = "import tinel.flow, tinel.report, sys; print({'pandas', 'xarray'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# What a shell starts in the background ignores SIGINT, and so do its children: these do not.
SLOW = """
import signal, sys, time, types
signal.signal(signal.SIGINT, signal.default_int_handler)
from tinel.cli import main

def write(result, folder):
    (folder / "manifest.json").write_text("torn")
    print("writing", file=sys.stderr, flush=True)
    time.sleep(60)

sys.modules["tinel.flow"] = types.SimpleNamespace(run=lambda *a, **k: None)
sys.modules["tinel.report"] = types.SimpleNamespace(write=write)
sys.exit(main())
"""


def test_control_c_while_writing(stage: Stage, tmp_path: Path) -> None:
    assert main(["run", TANYA]) == 0
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, "run", TANYA],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline() == "writing\n"
        running.send_signal(signal.SIGINT)
        assert running.stderr.readline() == "stopping ...\n"
        assert "interrupted" in running.stderr.read()
    assert running.returncode == 130
    assert os.listdir("out") == ["tanya"]
    assert Path("out/tanya/manifest.json").read_text() == "1"


@pytest.mark.parametrize("words", ["evidence", "evidence --json", "--help", "--version"])
def test_a_pipe_nobody_reads(words: str) -> None:
    command = f"set -o pipefail; {sys.executable} -c '{PROGRAM[2]}' {words} | true"
    # with the usual buffer, short output meets the closed pipe only when it is flushed
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=usual)
    assert (done.returncode, done.stderr) == (141, "")


STUBBORN = """
import signal, sys, time, types
signal.signal(signal.SIGINT, signal.default_int_handler)
from tinel.cli import main

def run(*_, **__):
    try:
        print("running", file=sys.stderr, flush=True)
        time.sleep(60)
    finally:
        time.sleep(1)

sys.modules["tinel.flow"] = types.SimpleNamespace(run=run)
sys.modules["tinel.report"] = types.SimpleNamespace(write=None)
sys.exit(main())
"""


def test_control_c_is_answered_before_the_work_has_ended(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STUBBORN, "run", TANYA],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline() == "running\n"
        running.send_signal(signal.SIGINT)
        assert running.stderr.readline() == "stopping ...\n"
        assert running.poll() is None, "said while the work is still ending"
        assert "interrupted" in running.stderr.read()
    assert running.returncode == 130


def test_closed_pipe() -> None:
    command = f"{sys.executable} -c '{PROGRAM[2]}' evidence --json | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stdout == "{" and done.stderr == ""


def test_terminal_without_the_signs(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "evidence", "lesion.susceptibility"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0 and done.stderr == b""


def test_json_is_ascii_and_strict(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [1.0, float("nan")], "b": {"c": "µ\x1b"}, "p": Path("x")})
    told = capsys.readouterr().out
    assert told.isascii() and json.loads(told) == {"a": [1, None], "b": {"c": "µ\x1b"}, "p": "x"}
