"""A document as HTML: on a page, every number a link to its reading; or in an article, plain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from luodi.rooms.reports.language import Part, Run


@dataclass(frozen=True, slots=True)
class Look:
    """The markup of each kind of part; a table is given its first row and the others."""

    headings: tuple[str, ...]
    paragraph: str
    table: str
    head: str
    cell: str


PAGE = Look(
    tuple(f'<h{level + 1} class="level{level}">{{}}</h{level + 1}>' for level in (1, 2, 3, 4)),
    "<p>{}</p>",
    '<div class="scroll"><table class="table"><thead>{}</thead><tbody>{}</tbody></table></div>',
    '<th scope="col">{}</th>',
    "<td>{}</td>",
)
_CELL = "border:1px solid #ccc;padding:6px 8px;font-size:14px;text-align:center"
ARTICLE = Look(  # styles only: the platform strips classes
    (
        '<p style="margin:1.6em 0 .8em;padding-left:10px;border-left:4px solid #b3261e;font-size:18px;'
        'font-weight:bold;color:#b3261e">{}</p>',
        '<p style="margin:1.2em 0 .6em;font-size:17px;font-weight:bold;color:#222">{}</p>',
    ),
    '<p style="margin:0 0 1em;line-height:1.9;font-size:16px;color:#222;text-align:justify;'
    'text-indent:2em">{}</p>',
    '<table style="width:100%;border-collapse:collapse;margin:0 0 1em">{}{}</table>',
    f'<td style="{_CELL};background:#f6f1ef;font-weight:bold">{{}}</td>',
    f'<td style="{_CELL}">{{}}</td>',
)


def part_html(part: Part, look: Look, address: Callable[[int], str] | None = None) -> SafeString:
    """One part; `address` gives where a reading opens, by its place."""

    def words(runs: Iterable[Run]) -> SafeString:
        return format_html_join("", "{}", ((word(run),) for run in runs))

    def word(run: Run) -> SafeString | str:
        if run.reading is None or address is None:
            return run.text
        return format_html('<a class="reading" href="{}">{}</a>', address(run.reading), run.text)

    if part.kind == "table":
        head, *rest = (
            format_html("<tr>{}</tr>", format_html_join("", cell, ((words(one),) for one in row)))
            for row, cell in zip(
                part.rows, [look.head, *[look.cell] * len(part.rows)], strict=False
            )
        )
        return format_html(look.table, head, format_html_join("", "{}", ((one,) for one in rest)))
    text = format_html("{}{}", part.label, words(part.runs))
    if part.kind != "heading":
        return format_html(look.paragraph, text)
    return format_html(look.headings[min(part.level, len(look.headings)) - 1], text)


def page_html(parts: Iterable[Part], address: Callable[[int], str]) -> SafeString:
    """The parts as a page shows them."""
    return format_html_join("\n", "{}", ((part_html(part, PAGE, address),) for part in parts))
