"""Virtual twins of one patient: computed in chunks, gathered, summarised."""
