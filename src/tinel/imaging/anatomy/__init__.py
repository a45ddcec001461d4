"""What lies in a plane through a limb on a day: the nerve, what surrounds it, and its sizes."""
