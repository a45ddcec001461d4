"""Needle EMG: motor units, firing, and muscle fibres without an axon, as a needle sees them."""
