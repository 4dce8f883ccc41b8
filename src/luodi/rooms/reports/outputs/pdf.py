"""An official document as a PDF, set by typst on the same grid as the Word file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

import typst

from luodi.rooms.reports.outputs import grid
from luodi.rooms.reports.outputs.fonts import chosen, folder
from luodi.rooms.reports.sealing import Sealed, canonical


def pdf(document: Mapping[str, Any], slip: Sealed | None = None) -> bytes:
    """The PDF of a document; with a slip, attached."""
    content = {
        "document": document,
        "fonts": chosen(),
        "grid": {
            "page": grid.PAGE_MM,
            "top": grid.TOP_MM,
            "left": grid.LEFT_MM,
            "right": grid.RIGHT_MM,
            "bottom": grid.BOTTOM_MM,
            "below": grid.NUMBER_BELOW_MM,
            "line": grid.LINE_PT,
            "body": grid.BODY_PT,
            "title": grid.TITLE_PT,
            "number": grid.NUMBER_PT,
            "table": grid.TABLE_PT,
            "tracking": grid.TRACKING_PT,
            "issuer": grid.issuer_size(document["head"]["issuer"]),
        },
    }
    source = resources.files(__package__).joinpath("official.typ").read_bytes()
    fonts: list[Any] = [folder()] if folder().is_dir() else []
    made: bytes = typst.compile(
        source,
        format="pdf",
        font_paths=fonts,
        sys_inputs={
            "content": json.dumps(content, ensure_ascii=False),
            "slip": canonical(slip).decode() if slip else "",
        },
    )
    return made
