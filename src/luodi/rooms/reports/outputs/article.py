"""A report as an article for a public account: HTML with inline styles only, and its pictures.

The platform strips scripts, classes and links to elsewhere, and shows only pictures that were
uploaded to it; so they stand beside the HTML as files, and in what is copied as data.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.rooms.reports.language import Part
from luodi.rooms.reports.outputs.html import ARTICLE, part_html


@dataclass(frozen=True, slots=True)
class Limit:
    """What the platform takes, and where it says so."""

    most: int
    source: str


DRAFT = "https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_add"
UPLOAD = "https://developers.weixin.qq.com/doc/service/api/material/permanent/api_uploadimage"
MATERIAL = (
    "https://developers.weixin.qq.com/doc/service/en/Asset_Management/Adding_Permanent_Assets"
)
# "fewer than 20,000 characters, less than 1 MB": all of the HTML is counted, tags too
CHARACTERS, BYTES = Limit(20_000, DRAFT), Limit(1024 * 1024, DRAFT)
PICTURE_BYTES = Limit(10 * 1024 * 1024, MATERIAL)  # uploaded by hand, into the material library
SENT_BYTES = Limit(1024 * 1024, UPLOAD)  # sent by a program, jpg and png only
PICTURES = 20  # ours: a report is no album


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (PNG or JPEG) that stands after the passage which prints a reading (its place)."""

    name: str
    content: bytes
    caption: str
    reading: int

    @property
    def data(self) -> str:
        kind = "png" if self.name.endswith(".png") else "jpeg"
        return f"data:image/{kind};base64,{base64.b64encode(self.content).decode()}"


def beside(picture: Picture) -> str:
    """Where a picture is, seen from the article in its zip."""
    return f"pictures/{picture.name}"


def article(
    document: Mapping[str, Any],
    pictures: Sequence[Picture] = (),
    address: Callable[[Picture], str] = beside,
) -> str:
    """The article's HTML. Raises UserError where the platform would not take it."""
    html = _html(document, pictures, beside)
    if len(html) >= CHARACTERS.most or len(html.encode()) >= BYTES.most:
        raise UserError(
            _("文章有%(count)s字符，公众号最多%(most)s字符。请删短，或分成几篇。")
            % {"count": len(html), "most": CHARACTERS.most}
        )
    # the platform replaces what a picture is copied with by an address of its own
    return html if address is beside else _html(document, pictures, address)


def _html(
    document: Mapping[str, Any], pictures: Sequence[Picture], address: Callable[[Picture], str]
) -> str:
    head = document["head"]
    return format_html(
        '<section style="padding:0 8px"><h1 style="font-size:22px;line-height:1.4;text-align:center;'
        'margin:0 0 1.2em">{}</h1>{}{}</section>\n',
        document["title"],
        format_html_join(
            "\n", "{}", ((one,) for one in _passages(document["parts"], pictures, address))
        ),
        format_html_join(
            "",
            '<p style="margin:0;text-align:right;color:#555">{}</p>',
            ((one,) for one in (head["signer"], head["signed_on"]) if one),
        ),
    )


def _passages(
    parts: Sequence[Mapping[str, Any]],
    pictures: Sequence[Picture],
    address: Callable[[Picture], str],
) -> Iterator[SafeString]:
    """Each part, and after it the pictures of what it is the first to print."""
    waiting = list(pictures)
    for part in map(Part.from_json, parts):
        yield part_html(part, ARTICLE)
        printed = {run.reading for run in part.all_runs}
        for one in [one for one in waiting if one.reading in printed]:
            waiting.remove(one)
            yield _picture(one, address)
    for one in waiting:
        yield _picture(one, address)


def _picture(one: Picture, address: Callable[[Picture], str]) -> SafeString:
    return format_html(
        '<p style="margin:0 0 .4em;text-align:center"><img src="{}" alt="{}" style="max-width:100%"></p>'
        '<p style="margin:0 0 1.2em;text-align:center;font-size:14px;color:#777">{}</p>',
        address(one),
        one.caption,
        one.caption,
    )
