"""What becomes of a patient: chances, days, treatments and the next test."""
