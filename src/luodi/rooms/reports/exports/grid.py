"""The page of an official document: GB/T 9704-2012, clauses 5 and 7.

A4; the text is 156 × 225 mm, 37 mm from the top and 28 mm from the left: 22 lines of 28 characters
of 3号 (16 pt). 28 characters are 448 pt, the text is 442.2 pt wide: the characters stand a little
closer. Measured: 0.207 pt less each in typst, 0.25 pt less in Word (which counts in twentieths).
"""

from __future__ import annotations

PAGE_MM = (210, 297)
TEXT_MM = (156, 225)
TOP_MM, LEFT_MM = 37, 28
RIGHT_MM = PAGE_MM[0] - LEFT_MM - TEXT_MM[0]
BOTTOM_MM = PAGE_MM[1] - TOP_MM - TEXT_MM[1]
NUMBER_BELOW_MM = 7  # from the text down to the page number, 7.5

LINES, CHARACTERS = 22, 28
LINE_PT = 28.95
BODY_PT, TITLE_PT, NUMBER_PT, TABLE_PT = 16, 22, 14, 12  # 3号, 2号, 4号, 小4号
TRACKING_PT = -0.207
WORD_TRACKING = -5  # twentieths of a point
ISSUER_PT = 44  # at most; a long name is set smaller to stay on its line
TEXT_PT = TEXT_MM[0] / 25.4 * 72


def issuer_size(name: str) -> float:
    """The size of the issuer's mark in points: never wider than the text."""
    return min(ISSUER_PT, TEXT_PT / max(len(name), 1) * 0.98)
