"""The sections of a case file; field names are the keys a user writes.

Every description says what is legal: error messages quote it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from tinel.declare.quantity import IllegalError, kind_of, many, one, shown
from tinel.declare.spread import Spread, as_table

AS_TABLE = PlainSerializer(as_table)
LONGEST_DAYS = 7300  # twenty years: no published follow-up of a nerve is longer


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise IllegalError(f"{shown(given)} is {kind_of(given)}, not a text")
    if not given.strip():
        raise IllegalError("the text is empty")
    if len(given) > 4000:
        raise IllegalError(f"the text has {len(given)} characters; legal: up to 4000")
    return given.strip()


Text = Annotated[str, BeforeValidator(_text)]


class Section(BaseModel):
    """What all sections share: frozen, no unknown keys, no silent conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Patient(Section):
    """[patient]: the body that all virtual twins share.

    Age and height are as wide as the healthy nerve is known: adults.
    """

    age: Annotated[float, one("years", 18, 100)] = Field(description="age in years, 18 to 100")
    sex: Literal["female", "male"] = Field(description="female or male")
    height_cm: Annotated[float, one("cm", 120, 220)] = Field(description="height in cm, 120 to 220")
    limb_temperature_c: Annotated[float, one("°C", 20, 40)] = Field(
        description="skin temperature over the nerve in °C, 20 to 40"
    )


class NerveChoice(Section):
    """[nerve]: which one."""

    name: Text = Field(description="a nerve's name, e.g. sciatic")
    side: Literal["left", "right"] = Field(description="left or right")


class Injury(Section):
    """The sizes an injury can have; which of them are needed depends on its kind."""

    length_mm: Annotated[Spread | None, many("mm", 0.1, 500), AS_TABLE] = Field(
        default=None, description="length of the injured stretch in mm, 0.1 to 500"
    )
    acute_pressure_mmHg: Annotated[Spread | None, many("mmHg", 0, 3000), AS_TABLE] = Field(
        default=None, description="pressure while it lasted in mmHg, 0 to 3000"
    )
    hours: Annotated[Spread | None, many("hours", 0, 48), AS_TABLE] = Field(
        default=None, description="how long it pressed in hours, 0 to 48"
    )
    severed_percent: Annotated[Spread | None, many("%", 0, 100), AS_TABLE] = Field(
        default=None, description="share of the cross-section cut through in percent, 0 to 100"
    )
    strain_percent: Annotated[Spread | None, many("%", 0, 100), AS_TABLE] = Field(
        default=None, description="stretch beyond the resting length in percent, 0 to 100"
    )


class Acute(Injury):
    """[cause.acute]: what happened at once, on day 0."""

    kind: Literal["compression", "division", "traction"] = Field(
        description="compression, division or traction"
    )


class Cause(Injury):
    """[cause]: what happened to the nerve and where; day 0 is the day of ``procedure``.

    A scar presses with ``pressure_mmHg`` from ``onset_days`` on; what happened at once at the
    same place stands in ``acute``. A cause of any other kind is the acute part: see ``at_once``.
    """

    kind: Literal["scar constriction", "compression", "division", "traction"] = Field(
        description="scar constriction, compression, division or traction"
    )
    procedure: Text = Field(description="the operation or event of day 0, in words")
    story: Text | None = Field(default=None, description="what happened, in words")
    division: Text | None = Field(default=None, description="the branch, where not the main trunk")
    site: Text | None = Field(default=None, description="a landmark's name")
    site_mm: Annotated[Spread | None, many("mm", 0, 2500), AS_TABLE] = Field(
        default=None, description="upper end in mm from the spinal cord along the nerve, 0 to 2500"
    )
    pressure_mmHg: Annotated[Spread | None, many("mmHg", 0, 1000), AS_TABLE] = Field(
        default=None, description="lasting pressure of the scar in mmHg, 0 to 1000"
    )
    onset_days: Annotated[Spread | None, many("days", 0, 3650), AS_TABLE] = Field(
        default=None, description="day on which the scar begins to press, 0 to 3650"
    )
    acute: Acute | None = Field(default=None, description="what happened at once, beside the scar")

    @property
    def at_once(self) -> Acute | None:
        """The part of the injury that happened on day 0, whichever way it was written."""
        if self.kind == "scar constriction":
            return self.acute
        sizes = {key: getattr(self, key) for key in Injury.model_fields}
        return Acute(kind=self.kind, **{k: size for k, size in sizes.items() if size is not None})
