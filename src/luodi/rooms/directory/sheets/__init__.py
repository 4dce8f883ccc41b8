"""People and enterprises in and out of Excel: a dry run that says all, then all or nothing."""
