"""The language of templates: plain text with live figures. See docs/users/report-language.md."""

from luodi.rooms.reports.language.document import Part, Run
from luodi.rooms.reports.language.nodes import Problem, Source
from luodi.rooms.reports.language.parser import parse
from luodi.rooms.reports.language.rendering import Document, Place, Reader, render
from luodi.rooms.reports.language.times import Span
from luodi.rooms.reports.language.writing import write

__all__ = [
    "Document",
    "Part",
    "Place",
    "Problem",
    "Reader",
    "Run",
    "Source",
    "Span",
    "parse",
    "render",
    "write",
]
