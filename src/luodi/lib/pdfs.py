"""The text of a PDF's pages, at a bounded cost: a kilobyte of PDF can ask for hours of work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PdfReader

LARGEST_PAGE: Final = 5 * 1024 * 1024  # bytes of a page's drawing instructions, unpacked


class TooCostly(Exception):
    """The pages ask for more work than they may."""


def texts_of(reader: PdfReader, *, seconds: float) -> Iterator[str]:
    """The text of each page. Raises TooCostly after so many seconds of this thread's computing."""
    until = time.thread_time() + seconds

    def go_on(*_drawing: Any) -> None:
        if time.thread_time() > until:
            raise TooCostly

    for page in reader.pages:
        go_on()
        content = page.get_contents()
        if content is not None and len(content.get_data()) > LARGEST_PAGE:
            raise TooCostly
        # asked before each instruction, those of forms within forms too
        yield page.extract_text(visitor_operand_before=go_on)
