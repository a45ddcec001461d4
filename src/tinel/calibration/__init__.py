"""Published cohorts, and the few free parameters fitted to some and tested on the others."""
