"""Reference limits: one file each, which names the quantity it bounds and says by how much."""
