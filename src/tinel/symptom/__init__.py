"""What an injured nerve is felt as: one file per cause of a symptom, and one for what comes of it.

Sensory axons stand for the small fibres beside them, which the nerves here do not hold; a nerve
without skin therefore has no pain.

Example:
    >>> from tinel.symptom import meaning
    >>> meaning("pain", 5.2)
    'moderate'
"""

from tinel.symptom.scale import meaning
from tinel.symptom.symptoms import QUANTITIES, Quantity, symptoms

__all__ = ["QUANTITIES", "Quantity", "meaning", "symptoms"]
