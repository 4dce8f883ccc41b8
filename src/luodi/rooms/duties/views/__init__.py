"""Pages of duties."""
