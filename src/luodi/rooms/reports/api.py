"""Reports: what other apps, pages, REST and the command line use."""

from __future__ import annotations

from luodi.rooms.reports.keys import signing_key
from luodi.rooms.reports.language import Problem
from luodi.rooms.reports.models import Report, State, Template
from luodi.rooms.reports.outputs.article import article
from luodi.rooms.reports.outputs.fonts import stand_ins
from luodi.rooms.reports.outputs.illustrated import (
    article_zip,
    charts_of,
    evidence_of,
    pictures_of,
)
from luodi.rooms.reports.outputs.official import Output, output
from luodi.rooms.reports.outputs.pack import pack
from luodi.rooms.reports.sealing import Finding, key_id, public_of
from luodi.rooms.reports.verbs.publishing import ask_to_publish, call_off
from luodi.rooms.reports.verbs.reports import (
    HEAD,
    compare_report,
    draft_of,
    draft_report,
    drop_draft,
    publish_report,
    sealed_bytes,
    withdraw_report,
    write_report,
)
from luodi.rooms.reports.verbs.templates import (
    Pattern,
    pattern,
    patterns,
    preview,
    templates,
    write_template,
)
from luodi.rooms.reports.verifying import STRANGER, Verdict, verify
from luodi.rooms.reports.words import sentence

__all__ = [
    "HEAD",
    "STRANGER",
    "Finding",
    "Output",
    "Pattern",
    "Problem",
    "Report",
    "State",
    "Template",
    "Verdict",
    "article",
    "article_zip",
    "ask_to_publish",
    "call_off",
    "charts_of",
    "compare_report",
    "draft_of",
    "draft_report",
    "drop_draft",
    "evidence_of",
    "key_id",
    "output",
    "pack",
    "pattern",
    "patterns",
    "pictures_of",
    "preview",
    "public_of",
    "publish_report",
    "sealed_bytes",
    "sentence",
    "signing_key",
    "stand_ins",
    "templates",
    "verify",
    "withdraw_report",
    "write_report",
    "write_template",
]
