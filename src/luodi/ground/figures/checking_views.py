"""The page that checks a text against the records. Nothing that is pasted or uploaded is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.figures.checking import LONGEST, check_text, summary, text_in
from luodi.ground.figures.checking_ask import Checked
from luodi.ground.figures.checking_compare import Verdict
from luodi.ground.figures.forms import readable
from luodi.ground.scope.api import Actor, Request, Unit, today
from luodi.shell.forms import carry_out
from luodi.shell.pages import show

PERMISSION = "cases.view"  # who may read any figure at all
# The words and the sign that stand beside the colour.
SIGNS: dict[Verdict, tuple[str | Promise, str]] = {
    Verdict.AGREES: (gettext_lazy("一致"), "✓"),
    Verdict.DIFFERS: (gettext_lazy("不符"), "✗"),
    Verdict.UNSURE: (gettext_lazy("不能确定"), "?"),
    Verdict.NO_LEDGER: (gettext_lazy("没有台账"), "○"),
}


class CheckForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("要核对的文字"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("粘贴在这里，或在下面选一个文件。核对后不会保存。"),
    )
    file = forms.FileField(
        label=gettext_lazy("或者上传文件（.txt、.docx、.xlsx、有文字的 .pdf）"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.docx,.xlsx,.pdf"}),
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("说的是哪个单位（含下级）"), queryset=Unit.objects.none()
    )
    at = forms.DateField(
        label=gettext_lazy("截至日期"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = readable(actor, PERMISSION)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("text") and not given.get("file") and not self.errors:
            self.add_error("text", _("请粘贴文字，或选一个文件。"))
        return given


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text; `checked` where it is a quantity, then `number` counts it."""

    text: str
    checked: Checked | None = None
    number: int = 0

    @property
    def label(self) -> str | Promise:
        return SIGNS[self.checked.verdict][0] if self.checked else ""

    @property
    def sign(self) -> str:
        return SIGNS[self.checked.verdict][1] if self.checked else ""


@login_required
def check(request: Request) -> HttpResponse:
    """A form; after it is sent, the text with its marks and a table of them."""
    request.actor.require(PERMISSION)
    first = readable(request.actor, PERMISSION).first()
    initial = {"unit": first.pk if first else None, "at": today().isoformat()}
    form = CheckForm(
        request.POST or None, request.FILES or None, actor=request.actor, initial=initial
    )
    context: dict[str, Any] = {"form": form}
    if request.method == "POST":
        result = carry_out(request, form, lambda data: _checked(request.actor, data))
        if result is not None:
            context |= result
    status = 422 if form.errors else 200
    response = show(request, "figures/checking.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _checked(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    text = text_in(data["file"]) if data["file"] else data["text"]
    found = check_text(actor=actor, text=text, unit=data["unit"], at=data["at"])
    counts = summary(found)
    pieces = list(_pieces(text, found))
    return {
        "pieces": pieces,
        "marks": [piece for piece in pieces if piece.checked],
        "counts": [(verdict, *SIGNS[verdict], counts[verdict.value]) for verdict in SIGNS],
        "unit": data["unit"],
        "at": data["at"],
    }


def _pieces(text: str, found: list[Checked]) -> Iterator[Piece]:
    at = 0
    for count, one in enumerate(found, 1):
        if one.quantity.start > at:
            yield Piece(text[at : one.quantity.start])
        yield Piece(one.quantity.text, one, count)
        at = one.quantity.end
    if at < len(text):
        yield Piece(text[at:])
