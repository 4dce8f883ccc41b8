"""The language of templates: plain text with live figures. See docs/users/report-language.md."""

from luodi.rooms.reports.language.document import Part, Run
from luodi.rooms.reports.language.nodes import Block, Problem, Source, Tag
from luodi.rooms.reports.language.parser import parse
from luodi.rooms.reports.language.rendering import Document, Place, Reader, render
from luodi.rooms.reports.language.tags import write_question, write_tag
from luodi.rooms.reports.language.times import Span

__all__ = [
    "Block",
    "Document",
    "Part",
    "Place",
    "Problem",
    "Reader",
    "Run",
    "Source",
    "Span",
    "Tag",
    "parse",
    "render",
    "write_question",
    "write_tag",
]
