"""An official document as a PDF, set by typst on the same grid as the Word file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from luodi.rooms.reports.outputs import grid
from luodi.rooms.reports.outputs.fonts import chosen, typeset
from luodi.rooms.reports.sealing import Sealed, canonical


def pdf(document: Mapping[str, Any], slip: Sealed | None = None) -> bytes:
    """The PDF of a document; with a slip, attached."""
    measures = {name: value for name, value in vars(grid).items() if name.isupper()}
    content = {
        "document": document,
        "fonts": chosen(),
        "grid": measures | {"ISSUER_PT": grid.issuer_size(document["head"]["issuer"])},
    }
    return typeset("official.typ", content, slip=canonical(slip).decode() if slip else "")
