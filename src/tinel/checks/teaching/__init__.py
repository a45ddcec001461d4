"""How the network that finds nerves on ultrasound is taught: pictures, windows, steps, weights."""
