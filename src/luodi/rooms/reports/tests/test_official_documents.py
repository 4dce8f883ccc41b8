"""The grid of GB/T 9704-2012, measured in the files themselves."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Emu
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from luodi.rooms.reports.exports import grid, typeset
from luodi.rooms.reports.exports.typeset import pdf
from luodi.rooms.reports.exports.word import word
from luodi.rooms.reports.sealing import embedded_seal, seal
from luodi.rooms.reports.verifying import verify

HEAD = {"issuer": "", "number": "", "addressee": "", "signer": "", "signed_on": ""}
MM = 72 / 25.4


def part(text: str, kind: str = "paragraph", level: int = 0, label: str = "") -> dict[str, Any]:
    return {"kind": kind, "level": level, "label": label, "runs": [[text, None]], "rows": []}


def document(*parts: dict[str, Any], **head: str) -> dict[str, Any]:
    return {"title": "示例", "head": {**HEAD, **head}, "parts": list(parts)}


LONG = document(part("党" * (28 * 60 - 2)))


@pytest.fixture(scope="module")
def lines() -> list[list[tuple[float, float, str]]]:
    """The body lines of each page of a long PDF: left edge, baseline (points), text."""
    pages = []
    for page in PdfReader(io.BytesIO(pdf(LONG))).pages:
        found: dict[float, list[tuple[float, str]]] = {}

        def visit(text: str, cm: Any, tm: Any, font: Any, size: Any, found: Any = found) -> None:
            if text.strip():
                at = (tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5])
                found.setdefault(round(at[1], 1), []).append((at[0], text.strip()))

        page.extract_text(visitor_text=visit)
        pages.append(
            [
                (min(x for x, _t in some), y, "".join(t for _x, t in some))
                for y, some in found.items()
            ]
        )
    return pages


def test_a_full_page_has_22_lines_of_28_characters(
    lines: list[list[tuple[float, float, str]]],
) -> None:
    body = [text for _x, _y, text in lines[1] if "党" in text]
    assert len(body) == grid.LINES
    assert {len(text) for text in body} == {grid.CHARACTERS}


def test_the_text_stands_where_the_standard_puts_it(
    lines: list[list[tuple[float, float, str]]],
) -> None:
    body = sorted((y, x) for x, y, text in lines[1] if "党" in text)
    assert all(abs(x - grid.LEFT_MM * MM) < 1 * MM for _y, x in body)
    pitch = [after - before for (before, _), (after, _) in itertools.pairwise(body)]
    assert all(abs(one - grid.LINE_PT) < 0.1 for one in pitch)
    top = grid.PAGE_MM[1] * MM - body[-1][0] - 0.88 * grid.BODY_PT
    assert abs(top - grid.TOP_MM * MM) < 1 * MM


def test_page_numbers_stand_outside(lines: list[list[tuple[float, float, str]]]) -> None:
    middle = grid.PAGE_MM[0] * MM / 2
    for number, page in enumerate(lines, start=1):
        [place] = [x for x, _y, text in page if text.replace(" ", "") == f"—{number}—"]
        assert (place > middle) == (number % 2 == 1)


def test_a_word_file_names_its_fonts_and_its_grid() -> None:
    made = Document(
        io.BytesIO(
            word(document(part("甲", "heading", 1, "一、"), part("乙", "heading", 2, "（一）")))
        )
    )
    section = made.sections[0]
    size = [round(one.mm) for one in (section.page_width, section.page_height)]
    margins = [round(one.mm) for one in (section.top_margin, section.left_margin)]
    text = (
        round(Emu(section.page_width - section.left_margin - section.right_margin).mm),
        round(Emu(section.page_height - section.top_margin - section.bottom_margin).mm),
    )
    assert (size, margins, text) == ([210, 297], [37, 28], (156, 225))
    normal = made.styles["Normal"]
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(28.95, abs=0.06)
    named = {
        run._r.rPr.rFonts.get(qn("w:eastAsia"))
        for paragraph in made.paragraphs
        for run in paragraph.runs
    }
    assert {"方正小标宋简体", "黑体", "楷体_GB2312"} <= named
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert made.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer._element.xml and "PAGE" in section.even_page_footer._element.xml


def test_a_row_of_a_table_stays_on_its_page() -> None:
    rows = [[[["甲", None]], [["乙" * number * 40, None]]] for number in range(1, 30)]
    table = {**part(""), "kind": "table", "runs": [], "rows": rows}
    made = Document(io.BytesIO(word(document(table)))).tables[0]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in made.rows)
    assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf(document(table)))).pages]
    for number in range(1, 15):  # those that are shorter than a page
        cell = "乙" * number * 40
        assert any(cell in "".join(page.split()) for page in pages)


def test_a_red_head_fits_its_line() -> None:
    for name in ("某区", "示例经济技术开发区党工委文件", "长" * 30):
        assert grid.issuer_size(name) * len(name) <= grid.TEXT_PT
    made = pdf(document(part("甲"), issuer="示例党工委文件", number="示例〔2022〕1号"))
    assert "示例党工委文件" in PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_stand_ins_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        typeset, "families", lambda: {"noto serif cjk sc": "Noto Serif CJK SC", "simhei": "SimHei"}
    )
    assert {one.wanted for one in typeset.stand_ins()} == {
        "方正小标宋简体",
        "仿宋_GB2312",
        "楷体_GB2312",
        "宋体",
    }
    monkeypatch.setattr(typeset, "families", dict)
    with pytest.raises(Exception, match="fonts-noto-cjk"):
        typeset.chosen()


@pytest.mark.parametrize("text", ['#"\\]$*_`<>@{}', "a\u0000b", "𠮷𡈽", "=1+1", " "])
def test_any_words_can_be_printed(text: str) -> None:
    made = document(part(text))
    assert pdf(made).startswith(b"%PDF")
    if "\0" not in text:
        assert word(made).startswith(b"PK")


@pytest.fixture(scope="module")
def signed() -> dict[str, bytes]:
    content = document(part("党员90人")) | {"published_at": "2022-12-22"}
    slip = embedded_seal(seal(content, [], [], Ed25519PrivateKey.generate()))
    return {"docx": word(content, slip), "pdf": pdf(content, slip)}


@given(st.sampled_from(["docx", "pdf"]), st.integers(0), st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_judged_not_stumbled_over(
    signed: dict[str, bytes], kind: str, place: int, change: int
) -> None:
    assert verify(io.BytesIO(signed[kind])).good
    damaged = bytearray(signed[kind])
    damaged[place % len(damaged)] ^= change
    verdict = verify(io.BytesIO(bytes(damaged)))
    assert verdict.good or verdict.findings
