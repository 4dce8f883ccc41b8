"""The pages of the energy room."""
