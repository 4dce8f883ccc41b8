"""Pages of organisations, accounts and roles."""
