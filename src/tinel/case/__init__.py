"""What a user writes: the case file, validated."""

from tinel.case.place import Place, check_against
from tinel.case.protocol import TESTS, Arm, Exam, Finding, Run, Step, Symptom
from tinel.case.read import Case, load, parse
from tinel.case.schema import Acute, Cause, NerveChoice, Patient
from tinel.case.source import Source
from tinel.declare.spread import Spread, stream_of

__all__ = [
    "TESTS",
    "Acute",
    "Arm",
    "Case",
    "Cause",
    "Exam",
    "Finding",
    "NerveChoice",
    "Patient",
    "Place",
    "Run",
    "Source",
    "Spread",
    "Step",
    "Symptom",
    "check_against",
    "load",
    "parse",
    "stream_of",
]
