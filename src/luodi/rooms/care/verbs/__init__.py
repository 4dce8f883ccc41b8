"""The verbs: the only place of the room's rules."""
