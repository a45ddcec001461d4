"""What a user writes: the case file, read as causes, treatments, tests and nerves declare."""

from tinel.case.arms import Arm
from tinel.case.case import Case
from tinel.case.injury import Injury, Part
from tinel.case.nerve_choice import NerveChoice
from tinel.case.place import SpreadPlace
from tinel.case.read import load, parse
from tinel.case.schema import Exam, Finding, Run, Symptom
from tinel.case.source import Source

__all__ = [
    "Arm",
    "Case",
    "Exam",
    "Finding",
    "Injury",
    "NerveChoice",
    "Part",
    "Run",
    "Source",
    "SpreadPlace",
    "Symptom",
    "load",
    "parse",
]
