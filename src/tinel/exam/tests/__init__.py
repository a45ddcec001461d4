"""The tests of an examination: one file each, which declares the test and does it."""
