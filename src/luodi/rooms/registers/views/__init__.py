"""Pages of registers, entries, definitions and awards."""
