"""The language of templates: plain text with live figures. See docs/users/report-language.md."""

from luodi.apps.reports.language.document import Part, Run
from luodi.apps.reports.language.nodes import Problem, Source
from luodi.apps.reports.language.parser import parse
from luodi.apps.reports.language.rendering import Document, Place, Reader, render
from luodi.apps.reports.language.times import Span
from luodi.apps.reports.language.writing import write

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
