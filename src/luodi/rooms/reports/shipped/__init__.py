"""The templates that come with the product, each a text file: a title, an empty line, the body."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Shipped:
    name: str | Promise
    note: str | Promise
    title: str
    text: str


def _read(key: str, name: str | Promise, note: str | Promise) -> Shipped:
    source = resources.files(__package__).joinpath(f"{key}.txt").read_text(encoding="utf-8")
    title, _empty, text = source.partition("\n\n")
    return Shipped(name, note, title.strip(), text)


SHIPPED: dict[str, Shipped] = {
    "annual": _read("annual", _("年度工作总结"), _("一年的党建与服务企业工作。")),
    "party-building": _read(
        "party-building", _("党建工作报告（四大工程）"), _("领航、筑基、先锋、清风四个部分。")
    ),
    "bulletin": _read(
        "bulletin", _("问题办理月报"), _("一个月里问题清单的办理情况，按党建区列表。")
    ),
    "assessment": _read(
        "assessment",
        _("考核佐证材料"),
        _("考核指标一览；签发后可下载含全部记录和佐证材料的压缩包。"),
    ),
}
