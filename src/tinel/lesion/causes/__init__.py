"""What can injure a nerve: one file per cause, found by its place in this folder."""
