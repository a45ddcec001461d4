"""What is read off a picture, blind: these modules see grey values and a scale, never the anatomy."""
