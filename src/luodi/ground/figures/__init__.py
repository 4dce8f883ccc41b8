"""Figures: numbers with a name, read at a date, opened to their rows."""
