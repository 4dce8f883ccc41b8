"""Luodi 落地: the working platform of an economic development zone."""

__version__ = "0.1.0"
