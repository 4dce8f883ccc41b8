"""The verbs of the energy room."""
