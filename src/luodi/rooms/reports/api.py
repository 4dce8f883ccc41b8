"""Reports: what other apps, pages, REST and the command line use."""

from __future__ import annotations

from luodi.rooms.reports.exports.article import (
    article,
    article_zip,
    charts_of,
    evidence_of,
    pictures_of,
)
from luodi.rooms.reports.exports.files import FORMS, OfficialDocument, file_of, official_document
from luodi.rooms.reports.exports.typeset import stand_ins
from luodi.rooms.reports.finding_texts import finding_text
from luodi.rooms.reports.keys import signing_key
from luodi.rooms.reports.models import Report, State
from luodi.rooms.reports.records import preview
from luodi.rooms.reports.sealing import key_id, public_of
from luodi.rooms.reports.verbs.publishing import ask_to_publish, call_off, publish_report
from luodi.rooms.reports.verbs.reports import (
    HEAD,
    compare_report,
    draft_of,
    draft_report,
    drop_draft,
    report_of,
    sealed_bytes,
    withdraw_report,
    write_report,
)
from luodi.rooms.reports.verbs.review import (
    STEPS,
    approve_draft,
    comment_draft,
    next_acts,
    return_draft,
    set_signing_rule,
    submit_draft,
)
from luodi.rooms.reports.verbs.templates import (
    pattern,
    patterns,
    templates,
    write_template,
)
from luodi.rooms.reports.verifying import STRANGER, Verdict, verify

__all__ = [
    "FORMS",
    "HEAD",
    "STEPS",
    "STRANGER",
    "OfficialDocument",
    "Report",
    "State",
    "Verdict",
    "approve_draft",
    "article",
    "article_zip",
    "ask_to_publish",
    "call_off",
    "charts_of",
    "comment_draft",
    "compare_report",
    "draft_of",
    "draft_report",
    "drop_draft",
    "evidence_of",
    "file_of",
    "finding_text",
    "key_id",
    "next_acts",
    "official_document",
    "pattern",
    "patterns",
    "pictures_of",
    "preview",
    "public_of",
    "publish_report",
    "report_of",
    "return_draft",
    "sealed_bytes",
    "set_signing_rule",
    "signing_key",
    "stand_ins",
    "submit_draft",
    "templates",
    "verify",
    "withdraw_report",
    "write_report",
    "write_template",
]
