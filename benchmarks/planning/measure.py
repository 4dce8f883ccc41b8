"""What a process has used."""

import resource


def peak_mb() -> float:
    """Highest resident memory of this process in MB (Linux counts in kB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
