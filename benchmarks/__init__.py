"""Times and sizes, printed and written to ``benchmarks/results.json``; nothing here is asserted."""
