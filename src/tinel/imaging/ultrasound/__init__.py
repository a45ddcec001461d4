"""B-mode ultrasound of a plane: waves of a probe, scatterers, speckle, a picture."""
