"""What is read off a picture, blind: grey values and a scale are known, never the anatomy."""
