"""Number of motor units that answer: an example of a test of your own."""

from tinel.own import Measure, Test, Value, targets


def examine(limb, muscle, laboratory):
    """Count the motor units that an impulse from the spinal cord reaches, in every twin."""
    return [Value("motor units", "", limb.conducts[:, limb.fibres_of(muscle.name)].sum(axis=1))]


TEST = Test(
    name="motor unit count",
    other_names=("MUNE",),
    text="Count the motor units of each muscle that answer.",
    source="an exact count: no laboratory can do this",
    subjects=targets("motor"),
    examine=examine,
    measures=(Measure("motor units", "", 0, 2000, usual=True),),
)
