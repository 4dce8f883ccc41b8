"""A report as an article for a public account: HTML with inline styles only.

The platform takes fewer than 20,000 characters and less than 1 MB, strips scripts, classes and
links to elsewhere, and wants pictures uploaded by themselves; so there are none here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luodi.apps.reports.language.document import Part, text_of
from luodi.lib.errors import UserError

MOST_CHARACTERS, MOST_BYTES = 20_000, 1024 * 1024
BODY = "margin:0 0 1em;line-height:1.9;font-size:16px;color:#222;text-align:justify;text-indent:2em"
STYLES = {
    1: "margin:1.6em 0 .8em;padding-left:10px;border-left:4px solid #b3261e;font-size:18px;font-weight:bold;color:#b3261e",
    2: "margin:1.2em 0 .6em;font-size:17px;font-weight:bold;color:#222",
}
CELL = "border:1px solid #ccc;padding:6px 8px;font-size:14px;text-align:center"


def article(document: Mapping[str, Any]) -> str:
    """The article's HTML. Raises UserError where the platform would not take it."""
    parts = [_part(Part.from_json(data)) for data in document["parts"]]
    signed = [one for one in (document["head"]["signer"], document["head"]["signed_on"]) if one]
    html = format_html(
        '<section style="padding:0 8px"><h1 style="font-size:22px;line-height:1.4;text-align:center;'
        'margin:0 0 1.2em">{}</h1>{}{}</section>\n',
        document["title"],
        format_html_join("\n", "{}", ((one,) for one in parts)),
        format_html_join(
            "", '<p style="margin:0;text-align:right;color:#555">{}</p>', ((one,) for one in signed)
        ),
    )
    size = len(html.encode())
    if len(html) >= MOST_CHARACTERS or size >= MOST_BYTES:
        raise UserError(
            _("文章有%(count)s字符，公众号最多%(most)s字符。请删短，或分成几篇。")
            % {"count": len(html), "most": MOST_CHARACTERS}
        )
    return str(html)


def _part(part: Part) -> SafeString:
    if part.kind == "table":
        rows = (
            (format_html_join("", "{}", ((_cell(text_of(cell), number == 0),) for cell in row)),)
            for number, row in enumerate(part.rows)
        )
        return format_html(
            '<table style="width:100%;border-collapse:collapse;margin:0 0 1em">{}</table>',
            format_html_join("", "<tr>{}</tr>", rows),
        )
    style = STYLES.get(min(part.level, 2), BODY) if part.kind == "heading" else BODY
    return format_html('<p style="{}">{}</p>', style, part.text)


def _cell(text: str, head: bool) -> SafeString:
    return format_html(
        '<td style="{}">{}</td>',
        CELL + (";background:#f6f1ef;font-weight:bold" if head else ""),
        text,
    )
