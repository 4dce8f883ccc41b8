"""What the zone does: one vertical slice each, and each says in its manifest what it brings."""
