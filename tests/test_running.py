"""Whole runs in bad surroundings: signals, full disks, odd users, names and streams.

The engine's tables and compiled code are made once and handed to each run, so that a run takes
seconds and a signal meets what is being asked about. Every moment of the signals:
``pytest -m slow tests/test_running.py``.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import sysconfig
import textwrap
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import tinel
from tinel.cable.conduction.opening import opened
from tinel.cable.solvers.compile_cache import cache_folder
from tinel.case import load
from tinel.cohort.person import grow
from tinel.exam.laboratory import set_up
from tinel.writing import MANIFEST, RESULT_FILES, check_target, whole

BLOCK = Path(__file__).parents[1] / "examples" / "block.toml"
SOURCE = Path(tinel.__file__).parents[1]
POSIX = hasattr(os, "geteuid")
ROOT = POSIX and os.geteuid() == 0
PROGRAM = """
import os, pickle, sys
if os.environ.get("WORKERS"):
    os.sched_getaffinity = lambda _: range(int(os.environ["WORKERS"]))
if __name__ == "__main__":
    import tinel.cohort.gather, tinel.flow
    from tinel.cable.conduction import dipole, opening
    with open(sys.argv[1], "rb") as file:
        laboratory, opened = pickle.load(file)
    tinel.flow.set_up = lambda *_, **__: laboratory
    if "COMPILES" in os.environ:  # one loop, not the five of a table that takes as long as the rest
        opening._opened = lambda *_: opened
        dipole.dipole(33.0)
    tinel.cohort.gather.CHUNK = 1
    from tinel.cli import main
    sys.exit(main(sys.argv[2:]))
"""
HANGS_s = 600  # a machine that is shared may take minutes; a run that hangs takes for ever
FORBIDDEN = ("Traceback", "a fault in Tinel", "KeyboardInterrupt")


class Runner:
    """Runs of a small case in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.chmod(0o755)
        self.program, self.tables = folder / "run.py", folder / "tables"
        self.program.write_text(PROGRAM)
        text = BLOCK.read_text().replace(
            '"3 weeks", "6 weeks", "12 weeks", "6 months"', '"3 weeks"'
        )
        self.case = folder / "small.toml"
        shorter = text.replace("horizon_days = 365", "horizon_days = 40\nfindings = false")
        self.case.write_text(shorter)
        nerve = grow(load(self.case), range(1))
        laboratory = set_up(nerve)
        unread, warm = nerve.twins.parameters.replace({}), laboratory.temperature_C
        self.tables.write_bytes(pickle.dumps((laboratory, opened(warm, unread))))

    def cache(self, folder: Path) -> Path:
        """A cache folder of a run's own, but for what the engine makes: the same for all."""
        if POSIX and not folder.exists():
            folder.mkdir()
            for made in ("compiled", "tables"):
                (common := cache_folder() / made).mkdir(parents=True, exist_ok=True)
                (folder / made).symlink_to(common)
        return folder

    def start(self, out: Path, *more: str, case: Path | None = None, **changes: Any) -> Any:
        """A run that has been started; its output is piped unless said otherwise."""
        env = {**os.environ, "PYTHONPATH": str(SOURCE), "WORKERS": "2"}
        env |= (own := changes.pop("env", {}))
        if "TINEL_CACHE" not in own:
            env["TINEL_CACHE"] = str(self.cache(out.parent / "cache"))
        words = [sys.executable, self.program, self.tables, "run", case or self.case]
        piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            [*words, "--twins", "4", "--out", out, *more],
            env={k: v for k, v in env.items() if v is not None},
            **{**piped, "cwd": out.parent, **changes},
        )

    def run(self, out: Path, *more: str, **changes: Any) -> tuple[int, str]:
        """Exit code and everything said."""
        process = self.start(out, *more, **changes)
        said = b"".join(part or b"" for part in process.communicate(timeout=HANGS_s))
        return process.returncode, said.decode(errors="replace")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """The program and its tables."""
    return Runner(tmp_path_factory.mktemp("running"))


@pytest.fixture(scope="module")
def usual(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run writes where all is well, by file; and how long it takes."""
    out = tmp_path_factory.mktemp("usual") / "out"
    start = time.monotonic()
    code, said = runner.run(out)
    assert code == 0, said
    assert not list((out.parent / "cache" / "unfinished").iterdir()), "parts go with the result"
    files = content(out)
    files["seconds"] = str(time.monotonic() - start).encode()
    return files


def content(out: Path) -> dict[str, bytes]:
    """Every file of a result."""
    found = {path.name: path.read_bytes() for path in out.iterdir()}
    assert found.keys() == RESULT_FILES
    return found


def same(out: Path, usual: dict[str, bytes]) -> bool:
    """Whether a result has the usual bytes."""
    return {**content(out), "seconds": usual["seconds"]} == usual


MOMENTS = [
    pytest.param(name, k / 10, marks=[] if (name, k) in SAMPLED else pytest.mark.slow)
    for SAMPLED in [{("SIGTERM", 5), ("SIGTERM", 8), ("SIGKILL", 7)}]
    for name in ("SIGTERM", "SIGKILL", "SIGINT")
    for k in range(10)
]


@pytest.mark.parametrize(("name", "moment"), MOMENTS)
def test_a_run_that_is_stopped_goes_on(
    runner: Runner, usual: dict[str, bytes], tmp_path: Path, name: str, moment: float
) -> None:
    out = tmp_path / "out"
    process = runner.start(out)
    time.sleep(moment * float(usual["seconds"]))
    process.send_signal(number := getattr(signal, name))
    said = process.communicate(timeout=HANGS_s)[1].decode()
    left = {p.name for p in tmp_path.iterdir()} - {"cache"}
    if name != "SIGKILL" and "stopping" in said:
        stands = f"this report stands: {out / 'report.html'}\n" in said
        assert process.returncode == 128 + number and left == ({"out"} if stands else set()), said
        assert not stands or same(out, usual)
        assert not any(word in said for word in FORBIDDEN), said
    assert left <= {"out"} or name == "SIGKILL"
    code, said = runner.run(out)
    assert code == 0 and same(out, usual), said


def changed_run(
    code: str, *words: str | Path, before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """``tinel run`` in an interpreter that does ``code`` first; ``before`` is read by that."""
    every = [sys.executable, "-c", textwrap.dedent(code), *before, "run", *words]
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.run(every, env=env, capture_output=True, text=True)


def test_what_stands_is_told(tmp_path: Path) -> None:
    """A signal that strikes once the first of two results stands."""
    changed = """
        import os, signal, sys
        from types import SimpleNamespace
        import tinel.flow, tinel.report, tinel.writing
        from tinel.writing import MANIFEST

        def write(result, folder):
            folder.joinpath(MANIFEST).write_text("{}")
            if folder.name.startswith(".b"):
                os.kill(os.getpid(), signal.SIGTERM)

        tinel.flow.run = lambda *_, **__: SimpleNamespace()
        tinel.report.write = write
        from tinel.cli import main
        sys.exit(main(sys.argv[1:]))
        """
    cases = [shutil.copy(BLOCK, tmp_path / name) for name in ("a.toml", "b.toml")]
    ended = changed_run(changed, *cases, "--out", tmp_path / "out")
    assert ended.returncode == 143
    assert ended.stderr.splitlines()[-3:] == [
        "stopping ...",
        f"this report stands: {tmp_path / 'out' / 'a' / 'report.html'}",
        "interrupted; nothing unfinished was written",
    ]
    assert os.listdir(tmp_path / "out") == ["a"]


def test_a_command_that_could_not_be_stopped_says_so(tmp_path: Path) -> None:
    """A library may catch the interrupt itself."""
    changed = """
        import os, signal, sys
        from types import SimpleNamespace
        import tinel.flow, tinel.report
        from tinel.writing import MANIFEST

        def compute(*_, **__):
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                for _ in range(1000):
                    pass
            except KeyboardInterrupt:
                pass
            done = lambda *_: "what came out"
            return SimpleNamespace(forget_parts=done, summary=done)

        tinel.flow.run = compute
        tinel.report.write = lambda _, folder: folder.joinpath(MANIFEST).write_text("{}")
        from tinel.cli import main
        sys.exit(main(sys.argv[1:]))
        """
    ended = changed_run(changed, BLOCK, "--out", tmp_path / "out")
    assert ended.returncode == 0 and "what came out" in ended.stdout, ended.stderr
    said = ended.stderr.splitlines()
    assert "stopping ..." in said and said[-1] == "ended before it could be stopped"
    assert os.listdir(tmp_path / "out") == [MANIFEST]


INTERRUPTED = """
import os, signal, sys
from importlib.abc import MetaPathFinder

# A suite started in the background hands its children SIGINT ignored.
signal.signal(getattr(signal, sys.argv[2]), signal.SIG_DFL)

def strike():
    os.kill(os.getpid(), getattr(signal, sys.argv[2]))

class Dying:
    def __del__(self):
        strike()

class Late(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == sys.argv[1]:
            sys.meta_path.remove(self)
            Dying() if sys.argv[3] == "destructor" else strike()

from tinel.cli import main
assert sys.argv[1] not in sys.modules, "imported before signals are answered"
sys.meta_path.insert(0, Late())
sys.exit(main(sys.argv[4:]))
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize(
    "module", ["typer", "tinel.commands", "tinel.options", "pydantic", "numpy", "numpy.linalg"]
)
@pytest.mark.parametrize("where", ["import", "destructor"])
def test_a_signal_during_imports(module: str, name: str, where: str, tmp_path: Path) -> None:
    """Also in a destructor, where Python drops an exception."""
    ended = changed_run(INTERRUPTED, BLOCK, "--out", tmp_path / "out", before=(module, name, where))
    assert ended.returncode == 128 + getattr(signal, name), ended.stderr
    assert ended.stderr == "stopping ...\ninterrupted; nothing unfinished was written\n"
    assert os.listdir(tmp_path) == []


def test_everything_awkward_at_once(
    runner: Runner, usual: dict[str, bytes], tmp_path: Path
) -> None:
    """A notebook's variables, the C locale, closed streams, a name that is not UTF-8, no cache."""
    case = tmp_path / os.fsdecode(b"Schl\xfcssel.toml")
    try:
        shutil.copy(runner.case, case)
    except OSError:
        case = runner.case
    (tmp_path / "none").write_text("a file where a folder should be")
    (tmp_path / "startup.py").write_text("raise SystemExit('never read')")
    env = {
        "MPLBACKEND": "inline", "PYTHONSTARTUP": "startup.py",
        "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
        "TINEL_CACHE": str(tmp_path / "none" / "below"), "JPY_PARENT_PID": "1",
        "CLICOLOR": "1", "FORCE_COLOR": "1", "TERM": "xterm-color",
        "WORKERS": "1",  # each would compile for itself
        "COMPILES": "1",
    }  # fmt: skip
    out = tmp_path / os.fsdecode(b"r\xe9sultat")
    close = 'exec "$@" <&- >&- 2>&-'
    process = runner.start(out, case=case, env=env)
    words = [os.fspath(word) for word in process.args]
    assert process.communicate(timeout=HANGS_s) and process.returncode == 0
    table = {name: out.joinpath(name).read_bytes() for name in ("findings.csv", "course.csv")}
    assert table == {name: usual[name] for name in table}
    assert "Schl\ufffdssel.toml" in out.joinpath(MANIFEST).read_text("utf-8") or case == runner.case
    shutil.rmtree(out)
    full = {**os.environ, "PYTHONPATH": str(SOURCE), **env}
    # a run that compiles anew is slow, and was seen above
    full["TINEL_CACHE"] = str(runner.cache(tmp_path / "cache"))
    assert subprocess.run(["sh", "-c", close, "sh", *words], env=full).returncode == 0
    assert {p.name for p in out.iterdir()} == RESULT_FILES


QUICK = [sys.executable, "-m", "tinel", "evidence", "course.growth.rate"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    ("streams", "code"),
    [(">&-", 0), ("2>&-", 0), ("<&- >&- 2>&-", 0), ("2>/dev/full", 0), (">/dev/full", 1)],
)
def test_closed_and_full_streams(streams: str, code: int) -> None:
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    for words in (QUICK, [*QUICK, "--json"]):
        shell = ["sh", "-c", f'"$@" {streams}', "sh", *words]
        ended = subprocess.run(shell, env=env, capture_output=True, text=True)
        assert ended.returncode == code and not any(word in ended.stderr for word in FORBIDDEN)
        assert code == 0 or "standard output cannot be written: No space left" in ended.stderr


def test_two_runs_to_one_folder(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def write(text: str) -> None:
        try:
            for _ in range(25):
                with whole(tmp_path / "out") as temporary:
                    for name in RESULT_FILES:
                        (temporary / name).write_text(text)
        except BaseException as problem:
            failures.append(problem)

    writers = [threading.Thread(target=write, args=(word,)) for word in ("one", "two", "three")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failures
    assert len(set(content(tmp_path / "out").values())) == 1, "of one run, whole"
    assert os.listdir(tmp_path) == ["out"]


def mounted(
    tmp_path: Path, script: str, *words: object, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a shell script that mounts, in a name space of its own; skip where that is refused."""
    base = ["unshare", "-m", "sh", "-c"]
    if not ROOT or shutil.which("unshare") is None:
        pytest.skip("only the administrator can mount")
    if subprocess.run([*base, f"mount -t tmpfs none {tmp_path}"], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    words = (*base, script, "sh", *map(str, words))
    return subprocess.run(words, capture_output=True, text=True, env=env)


def test_a_mount_point_is_refused_before_computing(tmp_path: Path) -> None:
    code = "from pathlib import Path; from tinel.writing import check_target; "
    bind = "mount --bind 'a\\disk' 'a\\disk'"
    for make in ("mount -t tmpfs none 'a\\disk'", bind, f"{bind} && touch 'a\\disk/manifest.json'"):
        (tmp_path / "a\\disk").mkdir(exist_ok=True)
        ended = mounted(
            tmp_path, f'cd {tmp_path} && {make} && exec "$@"', sys.executable, "-c",
            f"{code} check_target(Path(r'a\\disk'))",
        )  # fmt: skip
        assert "a disk is mounted" in ended.stderr and "disk/result" in ended.stderr, make


def test_a_full_disk_costs_no_twin(runner: Runner, usual: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").parent.mkdir(exist_ok=True)
    process = runner.start(tmp_path / "disk" / "out")
    process.kill()
    process.communicate()
    words = [os.fspath(word) for word in process.args]
    script = f'mount -t tmpfs -o size=64k none {tmp_path}/disk && exec "$@"'
    env = {"PYTHONPATH": str(SOURCE), "TINEL_CACHE": str(runner.cache(tmp_path / "cache"))}
    ended = mounted(tmp_path, script, *words, env={**os.environ, **env})
    assert ended.returncode == 2 and "No space left" in ended.stderr, ended.stderr
    assert len(list((tmp_path / "cache").rglob("unfinished/*/*.npz"))) == 4
    code, said = runner.run(tmp_path / "out")
    assert code == 0 and "computing twins: 4 of 4" in said and same(tmp_path / "out", usual)


FOREIGN = """
import os, sys
os.setgroups([])
os.setgid(54321)
os.setuid(54321)
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_a_foreign_user_and_an_installation_that_is_read_only(
    runner: Runner, usual: dict[str, bytes], tmp_path: Path
) -> None:
    copy, place, python = (tmp_path / name for name in ("installed", "place", "python"))
    shutil.copytree(SOURCE / "tinel", copy / "tinel", ignore=shutil.ignore_patterns("__pycache__"))
    place.mkdir()
    python.mkdir()
    if ROOT:
        os.chown(place, 54321, 54321)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    # Python may lie in the administrator's home, which nobody else may enter: it is shown elsewhere
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base, own = python / "bin" / version, runner.start(place / "out", env={"TINEL_CACHE": None})
    own.kill()
    own.communicate()
    env = {"HOME": "/nonexistent", "TMPDIR": str(place), "LD_LIBRARY_PATH": str(python / "lib")}
    env["PYTHONPATH"] = os.pathsep.join((str(copy), sysconfig.get_path("purelib")))
    changed = " ".join(f"{name}='{value}'" for name, value in env.items())
    ended = mounted(
        tmp_path,
        f"mount --bind {sys.base_prefix} {python} && cd {place} && "
        f'exec env -u TINEL_CACHE -u XDG_CACHE_HOME {changed} WORKERS=1 COMPILES=1 "$@"',
        sys.executable, "-c", FOREIGN, base, *own.args[1:],
    )  # fmt: skip
    if ended.returncode and "No module named 'numpy'" in ended.stderr:
        pytest.skip("another user may not read the libraries")
    assert ended.returncode == 0 and same(place / "out", usual), ended.stderr
    assert (place / "out").stat().st_uid == 54321
    assert not list(copy.rglob("__pycache__"))
    assert {f.name for f in (place / "tinel-54321").iterdir()} >= {"compiled", "tables"}


def test_check_target_says_what_is_wrong_without_wrapping_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(tinel.TinelError, match=r"file: is a file, not a folder \(choose"):
        check_target(tmp_path / "file")
