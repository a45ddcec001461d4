"""What pydantic found wrong, said the way the writer of a case file needs it."""

from __future__ import annotations

from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from tinel.declare.quantity import NotAllowedError, kind_of, short, shown
from tinel.errors import TinelError, suggest

Loc = tuple[int | str, ...]


def error_from(problem: ValidationError, model: type[BaseModel], name: str) -> TinelError:
    """Turn the first thing that is wrong into one error that names file and field.

    A misspelt key also leaves its right spelling missing, so unknown keys are named first and
    missing ones last. The advice says how many more problems there are.

    Args:
        problem: what pydantic raised.
        model: the model that was validated.
        name: the file's name, for the ``where`` of the error.
    """
    found = _own(problem.errors(include_url=False))
    order = {"extra_forbidden": 0, "missing": 2}
    first = min(found, key=lambda e: order.get(e["type"], 1))
    message, advice, place = _told(first, model)
    if len(found) > 1:
        more = f"{len(found) - 1} more problem{'s' if len(found) > 2 else ''} after this one"
        advice = f"{advice}; {more}" if advice else more
    return TinelError(message, f"{name}: {place}", advice)


def _own(found: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without those that only follow from another: a list is short where an item was refused."""
    wrong = {error["loc"][:k] for error in found for k in range(len(error["loc"]))}
    return [e for e in found if e["type"] != "too_short" or e["loc"] not in wrong]


def place_of(loc: Loc) -> str:
    """A field's place as the user counts it: the second arm is ``arm[2]``.

    Example:
        >>> place_of(("arm", 1, "step", 0, "day"))
        'arm[2].step[1].day'
    """
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{short(part)}"
    return text.lstrip(".")


def _told(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str, str]:
    """Message, advice and place of one error."""
    loc, given = error["loc"], error["input"]
    place = place_of(loc)
    owner, field = _look_up(model, loc)
    wanted = field.description or "" if field else ""
    own = error.get("ctx", {}).get("error")
    if isinstance(own, NotAllowedError):
        return own.message, own.advice, f"{place}.{own.key}" if own.key else place
    if error["type"] == "extra_forbidden":
        allowed = sorted(f.alias or n for n, f in owner.model_fields.items()) if owner else []
        return "is not a known key", suggest(str(loc[-1]), allowed), place
    if error["type"] == "missing":
        return "is missing", f"add it: {wanted}", place
    if error["type"] == "literal_error" and isinstance(given, str):
        listed = error["ctx"]["expected"].replace(" or ", ",").split(",")
        allowed = [word.strip(" '") for word in listed]
        return f"{shown(given)} is not allowed here", suggest(given, allowed), place
    if error["type"] in ("model_type", "dict_type"):
        return f"{shown(given)} is {kind_of(given)}, not a section", f"allowed: {wanted}", place
    if error["type"] == "too_long":
        most = error["ctx"]["max_length"]
        return f"more than {most} are given", f"allowed: {wanted}, up to {most}", place
    if error["type"] == "tuple_type" and isinstance(given, dict) and _is_section(field):
        keys = ".".join(part for part in loc if isinstance(part, str))
        advice = f"write it as [[{keys}]], in double brackets"
        return "may stand several times", advice, place
    if error["type"] == "too_short":
        return "the list is empty", f"allowed: {wanted}", place
    if isinstance(given, str | bool | list | dict):
        return f"{shown(given)} is {kind_of(given)}", f"allowed: {wanted}", place
    return f"{shown(given)} is not allowed here", f"allowed: {wanted}", place


def _look_up(model: type[BaseModel], loc: Loc) -> tuple[type[BaseModel] | None, FieldInfo | None]:
    """The model that owns the last key of ``loc``, and that key's field, where they exist."""
    owner: type[BaseModel] | None = model
    field: FieldInfo | None = None
    keys = [part for part in loc if isinstance(part, str)]
    for position, key in enumerate(keys):
        field = owner.model_fields.get(key) if owner else None
        if position < len(keys) - 1:
            owner = _model_in(field.annotation) if field else None
    return owner, field


def _is_section(field: FieldInfo | None) -> bool:
    """Whether the field is a list of sections, in double brackets."""
    return field is not None and (field.description or "").startswith(("sections", "treatments"))


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside ``Model``, ``Model | None`` or ``tuple[Model, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, Union, UnionType):
        for inner in get_args(annotation):
            if model := _model_in(inner):
                return model
    return None
