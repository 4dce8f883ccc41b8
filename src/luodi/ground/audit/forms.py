"""What an auditor looks for in the trail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luodi.ground.audit.models import Entry
from luodi.ground.audit.words import ACTIONS, subject_label
from luodi.ground.scope.api import Account
from luodi.ground.tables.api import Watch, tables


class TrailFilter(forms.Form):
    who = forms.CharField(label=_("操作人"), required=False, max_length=60)
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput)
    subject = forms.ChoiceField(label=_("对象"), required=False)
    action = forms.ChoiceField(
        label=_("动作"), required=False, choices=[("", _("全部")), *ACTIONS.items()]
    )
    number = forms.CharField(label=_("编号"), required=False, max_length=40)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        watched = [name for name, table in tables().items() if isinstance(table.watch, Watch)]
        labels = sorted((subject_label(name), name) for name in watched)
        self.fields["subject"].choices = [  # type: ignore[attr-defined]
            ("", _("全部")),
            *((table, label) for label, table in labels),
        ]

    def apply(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        data = self.cleaned_data
        if data.get("who"):
            named = Account.objects.filter(name__icontains=data["who"]) | Account.objects.filter(
                username__icontains=data["who"]
            )
            rows = rows.filter(account_id__in=list(named.values_list("pk", flat=True)[:1000]))
        if data.get("since"):
            rows = rows.filter(at__date__gte=data["since"])
        if data.get("until"):
            rows = rows.filter(at__date__lte=data["until"])
        for name, field in (("subject", "subject"), ("action", "action"), ("number", "subject_id")):
            if data.get(name):
                rows = rows.filter(**{field: data[name]})
        return rows
