"""What may stand in the data file of a nerve, table by table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tinel.declare.quantity import shown
from tinel.evidence import GRADES, Number, Parameters

SECTIONS = ("branch", "landmark", "target", "study")
KINDS = ("motor", "sensory")
MOST = 1e6  # of any number in the file: more axons than any nerve holds
_UNITS = {"mm": "mm", "mm2": "mm²", "um": "µm", "uV": "µV"}


class Quantity(BaseModel):
    """A number that carries its own spread or source instead of its table's."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    value: Annotated[float, Field(ge=0, le=MOST)]
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    species: str = "human"
    source: str | None = None
    evidence_grade: str | None = None
    note: str | None = None


Given = Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)] | Quantity


class Table(BaseModel):
    """One table of the file, with the source and evidence grade of the bare numbers in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: str = ""
    evidence_grade: str = "assumption"
    note: str = ""

    @field_validator("evidence_grade")
    @classmethod
    def _known_grade(cls, evidence_grade: str) -> str:
        if evidence_grade not in GRADES:
            given = shown(evidence_grade)
            raise ValueError(f"evidence grade {given} (allowed: {', '.join(GRADES)})")
        return evidence_grade

    def value(self, field: str) -> float:
        """The bare number of a field, in the unit its name states."""
        given = getattr(self, field)
        return given.value if isinstance(given, Quantity) else float(given)

    def numbers(self, prefix: str) -> Iterator[Number]:
        """Every number of the table under ``prefix``; fields left at zero are none."""
        for field in type(self).model_fields:
            given = getattr(self, field)
            if isinstance(given, Quantity) or (isinstance(given, float) and given):
                own = given.model_dump(exclude_none=True) if isinstance(given, Quantity) else {}
                table = {
                    "source": self.source,
                    "evidence_grade": self.evidence_grade,
                    "note": self.note,
                }
                unit = _UNITS.get(field.rsplit("_", 1)[-1], "1")
                yield Number(f"{prefix}.{field}", **{"value": given, "unit": unit, **table, **own})

    def in_use(self, prefix: str, parameters: Parameters) -> Self:
        """The same table with the values that ``parameters`` hold for its numbers."""
        values = {}
        for number in self.numbers(prefix):
            field = number.key.removeprefix(f"{prefix}.")
            value = parameters.scalar(number.key)
            if field in type(self).model_fields and value != number.value:
                values[field] = value
        return self.model_copy(update=values)


class PlaceTable(Table):
    """What a branch and a landmark share: usual names.

    ``other_names`` may stand for it where the nerve is known already; ``nerve_names`` may also
    stand for the nerve (``peroneal``, ``carpal tunnel``) and lead to this part of it.
    """

    other_names: tuple[str, ...] = ()
    nerve_names: tuple[str, ...] = ()

    @property
    def usual_names(self) -> tuple[str, ...]:
        """Every name beside the one of the file."""
        return (*self.other_names, *self.nerve_names)


class BranchTable(PlaceTable):
    """A trunk or branch; positions are path lengths from the cord at 170 cm height.

    ``also_from`` names further parents where several join in it. ``own_sheath``: it runs in the
    trunk as a nerve of its own, and who joins the ends joins each with its like.
    """

    name: str
    own_sheath: bool = False
    parent: str | None = None
    also_from: tuple[str, ...] = ()
    start_mm: Given
    end_mm: Given


class LandmarkTable(PlaceTable):
    """A named place on a branch."""

    name: str
    branch: str
    position_mm: Given


class TargetTable(Table):
    """A muscle (``units``, ``unit_uV``, ``terminal_mm``, ``terminal_fraction``) or a patch of skin
    (``axons``, ``width_mm``, ``length_mm``, ``two_point_mm``).

    ``action`` is what a person does with it, in words; ``movement`` the tested movement it serves;
    ``terminal_fraction`` the calibre of axons within the muscle against their parents', where it is
    not that of all muscles; ``through`` the parents its fibres come from where a branch has
    several. ``acts_with`` names a group of muscles that move the same part the same way;
    ``fellow_axons`` and ``other_axons`` are axons that run beside the target's own to muscles or
    skin without a table: those that act with it, and those that do not. ``runs_with`` names the
    branch whose fibres its own run beside in the trunk, where it leaves before that branch begins.
    ``other_names`` are usual names, under which a patient's finding may speak of it.
    """

    name: str
    other_names: tuple[str, ...] = ()
    kind: Literal["motor", "sensory"]
    branch: str
    leaves_mm: Given
    path_mm: Given
    units: Given = 0.0
    unit_uV: Given = 0.0
    terminal_mm: Given = 0.0
    terminal_fraction: Given = 0.0
    axons: Given = 0.0
    width_mm: Given = 0.0
    length_mm: Given = 0.0
    two_point_mm: Given = 0.0
    action: str = ""
    movement: str = ""
    through: tuple[str, ...] = ()
    runs_with: str = ""
    acts_with: str = ""
    fellow_axons: Given = 0.0
    other_axons: Given = 0.0


class SiteTable(BaseModel):
    """Where a study stimulates: a landmark, or a tape-measured distance proximal to a place.

    ``from`` is an earlier site of the study or ``recording electrode``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = ""
    landmark: str | None = None
    origin: str | None = Field(default=None, alias="from")
    distance_mm: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_way(self) -> SiteTable:
        measured = self.origin is not None and self.distance_mm is not None and self.name
        if bool(measured) == (self.landmark is not None):
            raise ValueError("give either landmark, or name, from and distance_mm")
        return self


class StudyTable(Table):
    """One conduction study; ``normal`` maps a quantity to an evidence key.

    ``ring`` says that a sensory study records with rings around a finger.
    """

    name: str
    kind: Literal["motor", "sensory"]
    target: str
    sites: tuple[SiteTable, ...]
    record: str | None = None
    depth_mm: Given = 0.0
    ring: bool = False
    normal: dict[str, str] = {}
    on_request: bool = False
    reflex: bool = False
    inching: str | None = None

    def numbers(self, prefix: str) -> Iterator[Number]:
        """The numbers of the table, the tape-measured distances of its sites among them."""
        yield from super().numbers(prefix)
        for site in self.sites:
            if site.distance_mm is not None:
                key = f"{prefix}.{site.name}.distance_mm"
                yield Number(
                    key,
                    site.distance_mm,
                    "mm",
                    source=self.source,
                    evidence_grade=self.evidence_grade,
                    note=self.note,
                )

    def in_use(self, prefix: str, parameters: Parameters) -> Self:
        """As for any table; the distances of the sites among them."""
        sites = tuple(
            site
            if site.distance_mm is None
            else site.model_copy(
                update={"distance_mm": parameters.scalar(f"{prefix}.{site.name}.distance_mm")}
            )
            for site in self.sites
        )
        return super().in_use(prefix, parameters).model_copy(update={"sites": sites})


class MotorTable(Table):
    """Outer diameter of alpha motor fibres: a normal distribution cut at both ends."""

    mean_um: Given
    sd_um: Given
    low_um: Given
    high_um: Given


class SensoryTable(Table):
    """Outer diameter of cutaneous myelinated fibres: two cut normal distributions."""

    small_mean_um: Given
    small_sd_um: Given
    large_mean_um: Given
    large_sd_um: Given
    large_fraction: Given
    low_um: Given
    high_um: Given


class FibreTables(BaseModel):
    """Fibre diameters of the nerve; a cutaneous nerve has no motor fibres."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    motor: MotorTable | None = None
    sensory: SensoryTable


class CrossSectionTable(Table):
    """The cut nerve: its area, how many fascicles, and their fraction of the area."""

    area_mm2: Given
    fascicles: Given
    fascicle_fraction: Given


class Blueprint(BaseModel):
    """A whole data file. Names refer to each other; ``library.parse`` checks that they do.

    ``title`` is what a report calls the nerve; ``other_names`` are words a case file may use for
    it beside the name of the file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    other_names: tuple[str, ...] = ()
    limb: Literal["arm", "leg", "head"]
    branch: tuple[BranchTable, ...]
    landmark: tuple[LandmarkTable, ...]
    target: tuple[TargetTable, ...]
    study: tuple[StudyTable, ...]
    fibres: FibreTables
    cross_section: CrossSectionTable

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that may stand for the nerve or lead to a part of it, the file's apart."""
        parts = (*self.branch, *self.landmark)
        return (*self.other_names, *(word for part in parts for word in part.nerve_names))

    def numbers(self, name: str) -> list[Number]:
        """Every number of the file, under keys such as ``nerve.ulnar.landmark.wrist.position_mm``.

        Example:
            >>> from tinel.nerve import read
            >>> [n.value for n in read("ulnar").numbers("ulnar") if "Erb" in n.key]
            [150.0]
        """
        found: list[Number] = []
        for section in SECTIONS:
            for table in getattr(self, section):
                found += table.numbers(f"nerve.{name}.{section}.{table.name}")
        for kind in KINDS:
            if table := getattr(self.fibres, kind):
                found += table.numbers(f"nerve.{name}.fibres.{kind}")
        return [*found, *self.cross_section.numbers(f"nerve.{name}.cross_section")]

    def in_use(self, name: str, parameters: Parameters) -> Blueprint:
        """The same nerve with the values that ``parameters`` hold for the numbers of its file.

        Raises:
            TinelError: a value differs between twins, who share the places and counts of a nerve.
        """
        sections = {
            section: tuple(
                table.in_use(f"nerve.{name}.{section}.{table.name}", parameters)
                for table in getattr(self, section)
            )
            for section in SECTIONS
        }
        fibres = {
            kind: table.in_use(f"nerve.{name}.fibres.{kind}", parameters)
            for kind in KINDS
            if (table := getattr(self.fibres, kind)) is not None
        }
        cut = self.cross_section.in_use(f"nerve.{name}.cross_section", parameters)
        made = {**sections, "fibres": self.fibres.model_copy(update=fibres), "cross_section": cut}
        return self.model_copy(update=made)
