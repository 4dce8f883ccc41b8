"""Places: venues and their rooms."""
