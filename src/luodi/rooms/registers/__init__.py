"""Registers 台账: ledgers that an administrator defines on a page."""
