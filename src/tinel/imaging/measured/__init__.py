"""What is read off a picture, blind: grey values and a scale come in, never the anatomy."""
