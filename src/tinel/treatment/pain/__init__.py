"""What helps the pain of an injured nerve, by what trials counted."""

from tinel.treatment.pain.effect import Effect, effect
from tinel.treatment.pain.library import known, remedy
from tinel.treatment.pain.remedy import Remedy
from tinel.treatment.pain.trial import Trial

__all__ = ["Effect", "Remedy", "Trial", "effect", "known", "remedy"]
