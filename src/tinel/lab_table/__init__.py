"""A laboratory's own table of nerve conduction and needle EMG, read as findings of a patient."""
