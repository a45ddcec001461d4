"""Conduction studies that laboratories make where a question calls for them, not in everyone."""

from __future__ import annotations

from collections.abc import Sequence

from tinel.exam.interpretation import conduction_sentences
from tinel.exam.laboratory import Laboratory
from tinel.exam.limb import Limb
from tinel.exam.measure import of_conduction
from tinel.exam.response import RATIO, Response
from tinel.exam.test import Test
from tinel.exam.tests.motor_conduction import motor_conduction
from tinel.exam.tests.sensory_conduction import sensory_conduction
from tinel.nerve.anatomy import Nerve, Study


def further_studies(nerve: Nerve) -> Sequence[Study]:
    """The studies that the nerve's file marks as ``on_request``."""
    return [study for study in nerve.studies if study.on_request]


def further_conduction(limb: Limb, study: Study, laboratory: Laboratory) -> Response:
    """Make the study as any other of its kind."""
    conduct = motor_conduction if study.kind == "motor" else sensory_conduction
    return conduct(limb, study, laboratory)


TEST = Test(
    name="further conduction",
    other_names=("further conduction studies", "further nerve conduction studies"),
    text="Make the studies of a nerve that are not usual: proximal and palmar sites, more muscles.",
    source="as motor and sensory conduction",
    subjects=further_studies,
    examine=further_conduction,
    interpret=conduction_sentences,
    title="Further conduction studies",
    shown=("amplitude", RATIO, "onset latency", "velocity"),
    on_request=True,
    measures=(*of_conduction("mV"), *of_conduction("µV")),
)
