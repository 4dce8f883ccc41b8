"""Amounts as people say them."""

from __future__ import annotations


def wan(yuan: float) -> str:
    return f"{yuan / 1e4:,.1f}"


def degrees(mwh: float) -> str:
    """Energy as people say it in Chinese: one 度 is one kWh."""
    return f"{mwh / 1e5:,.2f} 亿度" if abs(mwh) >= 1e5 else f"{mwh / 10:,.1f} 万度"
