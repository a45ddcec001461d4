"""Plain English in docstrings, comments, messages and names, by the tables of the glossary.

Run as a script it prints the violations of every file: ``python tests/test_words.py``.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "src" / "tinel").rglob("*.py"))
NOT_FIRST = r"((We|I|Here|There)\b|(This|It) ([a-z]+s|module|function|class|file|can|will)\b)"
# A verb in the third person is known by the word after it: "Returns the", but not "Answers to".
# Relative words are left out: "Rows that share a form" is a noun phrase.
AFTER_A_VERB = (
    r"(a|all|an|any|each|every|how|if|it|its|itself|nothing|one|some|the|their|this|those|what"
    r"|whether)\b"
)
NEVER_NOUNS = ("compiles", "computes", "contains", "gives", "makes", "returns", "says", "is", "has")


@cache
def avoided() -> dict[str, list[tuple[str, str]]]:
    """Words not to write, with what to write instead: in text, in names, alone, as a file."""
    found: dict[str, list[tuple[str, str]]] = {"text": [], "name": [], "alone": [], "file": []}
    table = ""
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith(("| term ", "| not ")):
            table = cells[0]
        elif not line.startswith("|") or line.startswith("| ---"):
            continue
        elif table == "not":
            found["text"].append((cells[0], cells[1]))
        elif table == "term" and cells[3]:
            for entry in cells[3].split(","):
                word, _, how = entry.strip().partition(" ")
                kind = how.strip("()") or "name"
                found[kind].append((word, cells[0]))
    return found


def violations(path: Path) -> Iterator[str]:
    """What is wrong in one file, one line each."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    where = path.relative_to(ROOT)
    for word, term in avoided()["file"]:
        if path.stem == word:
            yield f"{where}: the file should be named after '{term}'"
    seen = set(outside(tree))
    for name, line in sorted(set(names(tree)), key=lambda found: found[1]):
        for word, term in avoided()["name"]:
            if word in parts(name):
                yield f"{where}:{line}: name '{name}' holds '{word}'; write {term}"
        which = [term for word, term in avoided()["alone"] if name.lower() == word]
        if which and (name, line) in seen:
            yield f"{where}:{line}: name '{name}' does not say which: {', '.join(which)}"
    for prose, line in [*docstrings(tree), *comments(text), *messages(tree)]:
        for word, instead in avoided()["text"]:
            if re.search(rf"\b{re.escape(word)}\b", prose, re.IGNORECASE):
                yield f"{where}:{line}: '{word}'; write {instead}"
    for prose, line in docstrings(tree):
        fault = first_line_fault(prose.strip().splitlines()[0] if prose.strip() else "")
        if fault:
            yield f"{where}:{line}: {fault}"


def first_line_fault(line: str) -> str:
    """Why a first line is neither a noun phrase nor an imperative; empty where it is.

    >>> first_line_fault("Return the velocity.")
    ''
    >>> first_line_fault("Returns the velocity.")
    "first line begins with 'Returns'; write a noun phrase or an imperative"
    """
    word = re.split(r"[\s,:;.]", line, maxsplit=1)[0]
    verb = re.match(rf"[A-Z]?[a-z]+[^su]s ({AFTER_A_VERB})", line)
    if re.match(NOT_FIRST, line) or word.casefold() in NEVER_NOUNS or verb:
        return f"first line begins with '{word}'; write a noun phrase or an imperative"
    return ""


def parts(name: str) -> list[str]:
    """The words of a name: ``share_left`` and ``ShareLeft`` hold ``share`` and ``left``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")


def names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Names that the file makes: functions, classes, arguments, variables, fields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def outside(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Names that another file may see: not the local variables of a function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno
            yield from (
                (arg.arg, arg.lineno) for arg in ast.walk(node.args) if isinstance(arg, ast.arg)
            )
        elif isinstance(node, ast.ClassDef):
            yield node.name, node.lineno
            yield from outside(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from names(node)


def docstrings(tree: ast.AST) -> Iterator[tuple[str, int]]:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, holders) and ast.get_docstring(node, clean=False):
            yield ast.get_docstring(node) or "", node.body[0].lineno


def comments(text: str) -> Iterator[tuple[str, int]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string, token.start[0]


def messages(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Texts that a user may read: strings with a blank in them, outside docstrings."""
    skip = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if text and " " in node.value.strip() and id(node) not in skip:
            yield node.value, node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_words(path: Path) -> None:
    found = list(violations(path))
    assert not found, "\n" + "\n".join(found)


def test_the_rules_see_what_they_should() -> None:
    assert first_line_fault("Computes the velocity.")
    assert first_line_fault("It is a nerve.")
    assert not first_line_fault("Velocities of fibres of any shape.")
    assert not first_line_fault("Press a nerve for some hours.")
    assert parts("axon_share") == ["axon", "share"] and parts("ShareLeft")[0] == "share"
    assert {"division", "moment", "share"} <= {word for word, _ in avoided()["name"]}
    assert "door" in {word for word, _ in avoided()["text"]}


if __name__ == "__main__":
    every = {path: list(violations(path)) for path in FILES}
    for path in sorted(every, key=lambda p: -len(every[p])):
        if every[path]:
            print(f"{len(every[path]):4d}  {path.relative_to(ROOT)}")
    if "-v" in sys.argv:
        print("\n".join(line for found in every.values() for line in found))
