"""The domain, one vertical slice each."""
