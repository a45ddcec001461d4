"""What ultrasound measures, by name."""

AREA, FLATTENING, FASCICLES, LARGEST, CONTRAST = (
    "cross-sectional area",
    "flattening",
    "fascicles seen",
    "largest fascicle seen",
    "surround over nerve brightness",
)
WHOLE, GAP, TERMINAL = "continuous", "stretch without a nerve", "terminal neuroma"
SWELLING = "swelling ratio"
