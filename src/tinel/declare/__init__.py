"""How a room says what it offers: names, fields, units and ranges; and reading what a user gives."""
