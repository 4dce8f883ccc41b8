"""The verbs: the only place of rules."""
