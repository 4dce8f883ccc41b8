"""Words for what a verification finds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luodi.rooms.reports.sealing import Finding

FINDINGS = {
    "format": _("不是本系统签发的文件，或文件已损坏"),
    "size": _("文件展开后过大，没有核验"),
    "signature": _("签名不符：签名清单被改动，或不是这把密钥签的"),
    "key": _("不是所给的密钥签的，而是密钥"),
    "head": _("标题、单位、日期等抬头内容被改动"),
    "part": _("正文被改动（第几段、段首）："),
    "parts": _("正文段数被增减："),
    "count": _("数据的个数被增减："),
    "reading": _("数据被改动："),
    "row": _("数据的一条来源记录被改动："),
    "rows": _("数据的来源记录被增减或替换："),
    "files": _("佐证材料的清单被改动"),
    "file": _("文件被改动："),
    "missing": _("文件被拿掉："),
    "stranger": _("文件是后来加入的："),
    "shown": _("文中缺少或改动了签发的文字："),
    "added": _("文中有不曾签发的文字："),
    "order": _("文中段落的次序被改动"),
    "extra": _("文中的字数与签发的不同，有增减的文字"),
}


def finding_text(finding: Finding) -> str:
    return f"{FINDINGS[finding.part]} {finding.which}".strip()
