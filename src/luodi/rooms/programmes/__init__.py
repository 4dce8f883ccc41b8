"""Programmes: programme > measure > target, and the road map."""
