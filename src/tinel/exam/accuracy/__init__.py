"""How often pictures and conduction find what simulated people have, with examiners' errors."""
