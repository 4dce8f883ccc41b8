"""The only place of the rules."""
