"""The docs: links lead somewhere, formulas become MathML, and what they say to type runs."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
BUILT = ("_build", "gallery", "reference")  # made by `make docs`
PAGES = sorted(page for page in DOCS.rglob("*.md") if page.relative_to(DOCS).parts[0] not in BUILT)
TEXTS = [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
# The first word of a line of shell that may stand in the docs.
COMMANDS = ("make", "tinel", "export", "PATH=", "pip", "python3.11", ".venv/bin/")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language."""
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", TEXTS, ids=name_of)
def test_links_lead_to_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        built = set(Path(target).parts) & set(BUILT)
        if not target.startswith(("http", "mailto")) and not built:
            assert (page.parent / target).exists(), f"{target} does not exist"


@pytest.mark.parametrize("page", TEXTS, ids=name_of)
def test_paths_in_backticks_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:src|docs|tests|examples|benchmarks)/[\w./-]+)`", text):
        if not path.startswith(("docs/_build", "benchmarks/results")):
            assert (ROOT / path).exists(), f"{path} does not exist"


@pytest.mark.parametrize("page", TEXTS, ids=name_of)
def test_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"^(?: {4}|.*`)make ([\w-]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"no target '{target}'"


@pytest.mark.parametrize("page", TEXTS, ids=name_of)
def test_commands_and_options_exist(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tinel.cli import main

    text = page.read_text(encoding="utf-8")
    for line in re.findall(r"^ {4}(?:\.venv/bin/)?tinel (.+)$", text, re.MULTILINE):
        words = line.split("#")[0].split()
        assert main([words[0], "--help"]) == 0
        told = capsys.readouterr().out
        for option in (word for word in words[1:] if word.startswith("--")):
            assert option in told, f"tinel {words[0]} has no option {option}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_formulas_become_mathml(page: Path) -> None:
    convert = pytest.importorskip("docutils.utils.math.latex2mathml").tex2mathml
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    text = re.sub(r"^ {4}.*$|`[^`\n]*`", "", text, flags=re.MULTILINE)
    shown = re.findall(r"\$\$(.+?)\$\$", text, re.DOTALL)
    inline = re.findall(r"\$([^$\n]+)\$", re.sub(r"\$\$.+?\$\$", "", text, flags=re.DOTALL))
    for formula in shown + inline:
        assert "<math" in convert(formula.strip(), as_block=formula in shown)


@pytest.mark.parametrize(
    "page",
    [
        *(DOCS / f"{name}.md" for name in ("start", "engine", "excitability")),
        *sorted((DOCS / "howto").glob("*.md")),
    ],
    ids=name_of,
)
def test_the_code_of_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks that begin with ``# file: NAME`` are files beside the page's script."""
    import matplotlib

    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    script = []
    for language in ("toml", "python"):
        for block in blocks(page, language):
            named = re.match(r"# file: (\S+)\n", block)
            if named:
                (tmp_path / named[1]).write_text(block, encoding="utf-8")
            elif language == "python":
                script.append(block)
    exec(compile("\n".join(script), f"code of {page.name}", "exec"), {"__name__": "__main__"})


def test_readme_shows_the_messages_that_are_given() -> None:
    from tinel.case import parse
    from tinel.errors import TinelError

    case = (ROOT / "examples" / "tanya.toml").read_text(encoding="utf-8")
    given = []
    for key, wrong in (
        ("height_cm = 165", 'height_cm = "60 kg"'),
        ("height_cm = 165", "heigth_cm = 165"),
        ("days = [1, ", "days = [-3, "),
    ):
        assert key in case
        with pytest.raises(TinelError) as caught:
            parse(case.replace(key, wrong, 1), "tanya.toml")
        given.append(re.sub(r"(?<=\? allowed: ).*(?=\))", "...", str(caught.value)))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^ {4}(tanya\.toml: .*)$", readme, re.MULTILINE) == given


def test_readme_is_one_page() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150


def test_the_pages_of_the_reference_name_every_module() -> None:
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        import reference
    finally:
        sys.path.pop(0)
    pages = reference.modules()
    assert {"evidence", "nerve", "lesion", "course", "exam", "case"} <= set(pages)
    named = {name for names in pages.values() for name in names}
    assert "tinel.course.regrowth" in named and "tinel.cable.models.mrg" in named
