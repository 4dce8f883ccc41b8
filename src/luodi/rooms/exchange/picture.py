"""The network as a picture: suppliers on the left, buyers on the right, drawn by the server as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from luodi.rooms.exchange.network import Edge

WIDTH, ROW, TOP, GUTTER = 440, 32, 12, 138
MOST = 24  # edges drawn; the list beside has them all


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    x: int
    y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """A curve from a supplier to a buyer; its width grows with the share of the greatest."""

    path: str
    width: float
    running: bool
    says: str


@dataclass(frozen=True, slots=True)
class Picture:
    nodes: list[Node]
    lines: list[Line]
    height: int
    width: int = WIDTH


def picture_of(edges: Sequence[Edge]) -> Picture | None:
    """The edges under contract first, then the largest possible ones; None without any."""
    drawn = sorted(edges, key=lambda edge: (not edge.running, -edge.monthly))[:MOST]
    if not drawn:
        return None
    left = list(dict.fromkeys(edge.supplier for edge in drawn))
    right = list(dict.fromkeys(edge.buyer for edge in drawn))
    rows = max(len(left), len(right))
    height = 2 * TOP + ROW * rows
    at_left = {one.pk: _y(place, len(left), rows) for place, one in enumerate(left)}
    at_right = {one.pk: _y(place, len(right), rows) for place, one in enumerate(right)}
    most = max(edge.monthly for edge in drawn) or 1
    nodes = [Node(_short(str(one)), GUTTER - 8, at_left[one.pk], "end") for one in left]
    nodes += [
        Node(_short(str(one)), WIDTH - GUTTER + 8, at_right[one.pk], "start") for one in right
    ]
    return Picture(
        nodes,
        [
            Line(
                _curve(at_left[edge.supplier.pk], at_right[edge.buyer.pk]),
                round(1.5 + 5 * float(edge.monthly / most) ** 0.5, 1),
                edge.running,
                f"{edge.supplier} → {edge.buyer}：{edge.commodity}",
            )
            for edge in drawn
        ],
        height,
    )


def _y(place: int, count: int, rows: int) -> int:
    """The middle of a row; a shorter column stands in the middle of the longer."""
    return TOP + round(ROW * (place + 0.5 + (rows - count) / 2))


def _curve(start: int, end: int) -> str:
    a, b, middle = GUTTER, WIDTH - GUTTER, WIDTH // 2
    return f"M{a} {start}C{middle} {start} {middle} {end} {b} {end}"


def _short(name: str) -> str:
    return name if len(name) <= 8 else f"{name[:7]}…"
