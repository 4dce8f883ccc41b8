"""An official document as a Word file, after GB/T 9704-2012 (see grid.py)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.packuri import PackURI
from docx.opc.part import Part as PackagePart
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from luodi.rooms.reports.exports import grid
from luodi.rooms.reports.exports.typeset import FACES
from luodi.rooms.reports.language import Part
from luodi.rooms.reports.language.document import text_of
from luodi.rooms.reports.sealing import Sealed, canonical
from luodi.rooms.reports.verifying import SLIP_PART

RED = RGBColor(0xC0, 0x00, 0x00)
LATIN = "Times New Roman"
SLIP_TYPE = "http://luodi.example/relationships/seal"
ALIGN = WD_ALIGN_PARAGRAPH
FACE_OF_LEVEL = {1: "black", 2: "kai"}


def word(document: Mapping[str, Any], seal: Sealed | None = None) -> bytes:
    """The .docx of a document; with a seal, which `luodi report verify` finds inside it."""
    made, head = Document(), document["head"]
    _page(made)
    _normal(made.styles["Normal"])
    if head["issuer"]:
        _red_head(made, head)
    _title(made, document["title"])
    if head["addressee"]:
        _paragraph(made, head["addressee"])
    for data in document["parts"]:
        _part(made, Part.from_json(data))
    _ending(made, head)
    made.core_properties.title = document["title"]
    made.core_properties.author = head["signer"]
    if seal is not None:
        content, package = canonical(seal), made.part.package
        part = PackagePart(PackURI(SLIP_PART), "application/json", content, package)
        made.part.relate_to(part, SLIP_TYPE)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _element(name: str, **values: object) -> Any:
    """An element of WordprocessingML with its attributes."""
    element = OxmlElement(f"w:{name}")
    for key, value in values.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


# --- the page ---------------------------------------------------------------------------------


def _page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(grid.PAGE_MM[0]), Mm(grid.PAGE_MM[1])
    section.top_margin, section.bottom_margin = Mm(grid.TOP_MM), Mm(grid.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(grid.LEFT_MM), Mm(grid.RIGHT_MM)
    section.footer_distance = Mm(grid.BOTTOM_MM - grid.NUMBER_BELOW_MM - 5)
    made.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = ALIGN.RIGHT if side == "right" else ALIGN.LEFT
        _indent(paragraph, **{f"{side}Chars": 100, side: 280})
        _run(paragraph, "— ", "song", grid.NUMBER_PT)
        field = _run(paragraph, "", "song", grid.NUMBER_PT)._r
        instruction = _element("instrText")
        instruction.text = "PAGE"
        begin, end = (
            _element("fldChar", fldCharType="begin"),
            _element("fldChar", fldCharType="end"),
        )
        field.extend((begin, instruction, end))
        _run(paragraph, " —", "song", grid.NUMBER_PT)


def _normal(style: Any) -> None:
    properties = style.element.get_or_add_rPr()
    _face(properties, "body")
    style.font.size = Pt(grid.BODY_PT)
    properties.append(_element("spacing", val=grid.WORD_TRACKING))
    layout = style.paragraph_format
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(grid.LINE_PT)
    layout.space_before = layout.space_after = Pt(0)
    layout.widow_control = False
    for name in ("autoSpaceDE", "autoSpaceDN"):  # a digit must not move the grid
        style.element.get_or_add_pPr().append(_element(name, val=0))


def _face(properties: Any, face: str) -> None:
    """Names the font for Chinese and for Latin letters."""
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), FACES[face].name)
    for place in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{place}"), LATIN)


def _run(paragraph: Any, text: str, face: str = "body", size: float = grid.BODY_PT) -> Any:
    run = paragraph.add_run(text)
    _face(run._r.get_or_add_rPr(), face)
    run.font.size = Pt(size)
    return run


def _indent(paragraph: Any, **values: int) -> None:
    element = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for name, value in values.items():
        element.set(qn(f"w:{name}"), str(value))


# --- what stands on it ------------------------------------------------------------------------


def _paragraph(
    made: Any, text: str, face: str = "body", align: Any = ALIGN.LEFT, size: float = grid.BODY_PT
) -> Any:
    paragraph = made.add_paragraph()
    paragraph.alignment = align
    _run(paragraph, text, face, size)
    return paragraph


def _red_head(made: Any, head: Mapping[str, str]) -> None:
    """The issuer's mark, the document's number, and the red line below (7.2.4 to 7.2.7)."""
    size = grid.issuer_size(head["issuer"])
    mark = _paragraph(made, head["issuer"], "title", ALIGN.CENTER, size)
    mark.runs[0].font.color.rgb = RED
    mark.paragraph_format.line_spacing = Pt(size * 1.4)
    made.add_paragraph()
    number = _paragraph(made, head["number"], align=ALIGN.CENTER)
    borders = _element("pBdr")
    borders.append(_element("bottom", val="single", sz=18, space=4, color="C00000"))
    number._p.get_or_add_pPr().append(borders)
    made.add_paragraph()


def _title(made: Any, text: str) -> None:
    title = _paragraph(made, text, "title", ALIGN.CENTER, grid.TITLE_PT)
    title.paragraph_format.line_spacing = Pt(grid.TITLE_PT * 1.6)
    made.add_paragraph()


def _part(made: Any, part: Part) -> None:
    if part.kind == "table":
        _table(made, part)
        return
    paragraph = _paragraph(made, part.text, FACE_OF_LEVEL.get(part.level, "body"), ALIGN.JUSTIFY)
    _indent(paragraph, firstLineChars=200, firstLine=640)
    if part.kind == "heading":
        paragraph.paragraph_format.keep_with_next = True


def _table(made: Any, part: Part) -> None:
    table = made.add_table(len(part.rows), max(len(row) for row in part.rows))
    table.style = made.styles["Table Grid"]
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for number, (row, line) in enumerate(zip(part.rows, table.rows, strict=True)):
        for cell, place in zip(row, line.cells, strict=False):
            paragraph = place.paragraphs[0]
            paragraph.alignment = ALIGN.CENTER
            paragraph.paragraph_format.line_spacing = Pt(grid.TABLE_PT * 1.6)
            _run(paragraph, text_of(cell), "body" if number else "black", grid.TABLE_PT)
        line._tr.get_or_add_trPr().append(_element("cantSplit"))  # whole on its page
    # the head again on each page
    table.rows[0]._tr.get_or_add_trPr().append(_element("tblHeader"))


def _ending(made: Any, head: Mapping[str, str]) -> None:
    """Who signs and when: the day four characters in from the right (7.3.5)."""
    if head["signer"] or head["signed_on"]:
        made.add_paragraph()
    for text, inset in ((head["signer"], 2), (head["signed_on"], 4)):
        if text:
            paragraph = _paragraph(made, text, align=ALIGN.RIGHT)
            _indent(paragraph, rightChars=inset * 100, right=inset * 320)
