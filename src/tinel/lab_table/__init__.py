"""A laboratory's own table of nerve conduction and needle findings, read as findings of a patient."""
