"""How a room says what it offers, and how what a user gives is read."""
