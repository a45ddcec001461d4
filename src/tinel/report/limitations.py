"""Limitations of the model, room by room: what a reader has to know of the rest."""

LIMITATIONS: tuple[tuple[str, str], ...] = (
    (
        "nerve",
        "One cross-section stands for trunk and branches. Fascicles, most counts of units and "
        "axons, and all ways are scaled from one adult of 170 cm. Unmyelinated and sympathetic "
        "fibres are missing. In the plexus each muscle has one way. Several nerves of one case "
        "do not act on each other. A child has a child's ways and velocities, and an adult's "
        "counts, sizes of responses and limits of normal.",
    ),
    (
        "cable",
        "One model of a myelinated fibre at one temperature. Regrown pieces, with short internodes "
        "of one length, conduct more slowly than measured: half of the healthy velocity after a "
        "suture where 70 to 80 % was found.",
    ),
    (
        "lesion",
        "One injury at one place. Thresholds of pressure come from animals; what lies between "
        "them is assumed. A scar's pressure was never measured and stays as it is once it presses, "
        "unless a case says otherwise.",
    ),
    (
        "course",
        "How many axons cross, where they end and how long muscle waits was never counted in "
        "people; these numbers are assumptions, and cohorts computed with them come out wrong as "
        "often as the last part of this chapter shows. An axon in the wrong muscle is lost to "
        "strength for good: the brain learns nothing here. Findings of a patient "
        "select among the twins; what the story says of symptoms does not.",
    ),
    (
        "treatment",
        "Risks of an injection, operation or drug, stiff joints and learning to use a transferred "
        "muscle are not computed. A remedy against pain changes pain alone.",
    ),
    (
        "symptom",
        "Sensory axons stand for the small fibres of pain; a nerve without skin has none. What "
        "fires in a torn place is a mouse's, and how it is felt is assumed but for one figure that "
        "was fitted. Pain that grows worse after years, mood, sleep and other causes of pain are "
        "not computed, and neither is complex regional pain syndrome.",
    ),
    (
        "exam",
        "Pictures are of one twin, and their sound and signals leave out refraction, motion and "
        "the coil's profile. F waves scatter in time about twice as "
        "much as in people. Examiners differ in what they call a grade of strength; filaments, "
        "pin, tuning fork and reflexes err from day to day. Fibres of cold and warmth are not "
        "counted: the thinnest myelinated axons stand for them.",
    ),
    (
        "report",
        "Waveforms, cross-section and single findings belong to one twin in the middle; the "
        "intervals belong to all. Medians of different quantities need not belong to one person.",
    ),
)
