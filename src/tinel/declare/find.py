"""Find what the rooms offer: one module per thing, in the package or in a user's own file."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from tinel.declare.offer import AnyOffer
from tinel.errors import TinelError


def found(
    package: str, kind: type[AnyOffer], files: Sequence[str | Path] = ()
) -> dict[str, AnyOffer]:
    """All offers of a kind by name: those of a package's modules, then those of a user's files.

    Args:
        package: dotted name of the folder in which each module makes one offer or more.
        kind: the type of offer; others in the same modules are passed over.
        files: a user's own Python files. They are run, so name only files you trust.

    Raises:
        TinelError: a file cannot be read or run, or two offers share a name.
    """
    modules = [*_modules(package), *(own(Path(file)) for file in files)]
    offers: dict[str, AnyOffer] = {}
    words: dict[str, str] = {}
    for module in modules:
        for offer in _offers(module, kind):  # type: ignore[arg-type]
            if any(offer is known for known in offers.values()):
                continue  # imported from the module that makes it
            for word in (offer.name, *offer.other_names):
                if words.setdefault(word, offer.name) != offer.name or offer.name in offers:
                    place = str(getattr(module, "__file__", module.__name__))
                    message = f"'{word}' already names {words[word]}"
                    raise TinelError(message, place, "give it another name")
            offers[offer.name] = offer
    return offers


def own(path: Path) -> ModuleType:
    """A user's Python file as a module; the same content is run once per process.

    Raises:
        TinelError: the file cannot be read, or fails when it is run.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        told = problem.strerror or str(problem)
        raise TinelError(f"cannot be read: {told}", str(path), "check the path") from None
    name = f"tinel_own_{hashlib.sha256(content).hexdigest()[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise TinelError("is no Python file", str(path), "give it a name that ends in .py")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as problem:
        del sys.modules[name]
        told = f"{type(problem).__name__}: {problem}"
        raise TinelError(f"fails when it is run: {told}", str(path), "mend the file") from None
    return module


@cache
def _modules(package: str) -> tuple[ModuleType, ...]:
    folder = import_module(package)
    names = sorted(info.name for info in iter_modules(folder.__path__))
    return tuple(import_module(f"{package}.{name}") for name in names)


@cache  # asked for at every examination, and a module does not change
def _offers(module: ModuleType, kind: type[AnyOffer]) -> Iterable[AnyOffer]:
    made = getattr(module, "OFFERS", None)
    values = made if made is not None else list(vars(module).values())
    return [value for value in values if isinstance(value, kind)]
