"""What ultrasound measures, by name."""

AREA, FLATTENING, FASCICLES, CONTRAST = (
    "cross-sectional area",
    "flattening",
    "fascicles seen",
    "surround over nerve brightness",
)
WHOLE, GAP, TERMINAL = "continuous", "stretch without a nerve", "terminal neuroma"
SWELLING = "swelling ratio"
