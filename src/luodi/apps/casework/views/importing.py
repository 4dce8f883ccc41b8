"""Problems from Excel: the template, the check, the import."""

from __future__ import annotations

import tempfile
from typing import IO, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.apps.casework.importing import SHEET, Importer, language
from luodi.apps.scope.middleware import Request
from luodi.lib.excel import write_template
from luodi.shell.forms import carry_out
from luodi.shell.pages import show


class ImportForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Excel 文件（.xlsx）"))


@login_required
def import_(request: Request) -> HttpResponse:
    """Checks a sheet and says what is wrong in which row; or enters all of it, if nothing is."""
    importer = Importer(request.actor)
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "language": language()}
    if request.method != "POST":
        return show(request, "casework/import.html", context)
    report = carry_out(request, form, lambda data: importer.check(data["file"].file))
    context["report"] = report
    if report is not None and "take" in request.POST:
        cases = carry_out(request, form, lambda data: importer.take(data["file"].file))
        if cases:
            messages.success(request, _("已导入 %(count)s 个问题。") % {"count": len(cases)})
            return redirect("cases:problems")
    if report is not None:
        sentences = [one.text(language()) for one in report.problems[:200]]
        context["problems"] = sentences
    return show(request, "casework/import.html", context, status=422 if form.errors else 200)


@login_required
def import_template(request: Request) -> FileResponse:
    """An empty sheet with what to fill in."""
    request.actor.require("imports.run")
    stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write_template(SHEET, stream, language=language())
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=_("问题导入模板") + ".xlsx")
