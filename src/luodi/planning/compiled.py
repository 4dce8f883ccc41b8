"""Loops that numpy cannot express, compiled by numba where it is installed (extra ``planning``).

Without it the same functions run as plain Python: same results, many times slower.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
AVAILABLE = find_spec("numba") is not None


def compiled(function: F) -> F:
    """Compile at the first call (without the interpreter's lock), and keep the result on disk."""
    if not AVAILABLE:
        return function
    done: F = import_module("numba").njit(cache=True, nogil=True)(function)
    return done


def inlined(function: F) -> F:
    """Compile as a part of its compiled caller: a call costs more than a few steps on arrays."""
    if not AVAILABLE:
        return function
    done: F = import_module("numba").njit(inline="always")(function)
    return done
