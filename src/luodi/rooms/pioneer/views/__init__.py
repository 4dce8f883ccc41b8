"""Pages of pioneer."""
