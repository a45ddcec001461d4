"""The section [nerve]: a name, another name, or the path to a nerve's own file."""

from __future__ import annotations

from dataclasses import dataclass

from tinel.case.schema import NerveSection
from tinel.case.source import Source
from tinel.errors import TinelError
from tinel.evidence import Parameters
from tinel.nerve.atlas import Layout, lay_out
from tinel.nerve.library import Entry, find
from tinel.twins import Patient


@dataclass(frozen=True)
class NerveChoice:
    """Which nerve: its name, the side, and the path of its file where it is a user's own.

    ``branch`` and ``site`` are the branch and the landmark that the name meant, as ``peroneal`` and
    ``carpal tunnel`` do; empty where it meant the whole nerve.
    """

    name: str
    side: str
    file: str | None = None
    branch: str = ""
    site: str = ""

    @property
    def label(self) -> str:
        """What one of several nerves of a case is called: its branch where its name meant one."""
        return self.branch or self.name


def read_nerve(section: NerveSection, source: Source) -> tuple[NerveChoice, Entry]:
    """The nerve a case names, and its file; a path is taken from the folder of the case.

    Raises:
        TinelError: no such nerve or file, or a file that does not hold what it should.
    """
    own = section.name.endswith(".toml")
    file = source.path.parent / section.name if own else None
    try:
        entry = find(file or section.name)
    except TinelError as problem:
        if file and problem.where:
            raise  # the error names the nerve's own file
        where = f"{source.path.name}: nerve.name"
        raise TinelError(problem.message, where, problem.advice) from None
    own_file = str(file.absolute()) if file else None
    return NerveChoice(entry.name, section.side, own_file, entry.branch, entry.site), entry


def laid_out(entry: Entry, patient: Patient, parameters: Parameters) -> Layout:
    """The places of a patient's nerve, with the numbers in use.

    Raises:
        TinelError: as ``lay_out``; it names the nerve's file.
    """
    try:
        return lay_out(entry.blueprint.in_use(entry.name, parameters), patient, parameters)
    except TinelError as problem:
        raise problem.at(entry.where) from None
