"""Forms of definitions, of entries, of awards."""
