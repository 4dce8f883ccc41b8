"""A kind of record, declared once; a verb, whose signature is its schema."""
