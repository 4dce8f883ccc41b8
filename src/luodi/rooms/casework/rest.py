"""The three lists over REST: the same verbs, the same scope, the same sentences as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Path, Query, Router, Schema, Status, UploadedFile

from luodi.ground.scope.api import Account, Actor, Unit
from luodi.lib.errors import NotFound, UserError
from luodi.lib.wire import Id
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.models import Case, Category, Measure, SavedFilter, Template
from luodi.rooms.casework.schemas import answered, asked
from luodi.rooms.casework.standing import told_to

router = Router(tags=["cases"])
RELATED = ("unit", "category", "lead_unit", "lead_account", "waiting_unit", "waiting_account")


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _case(code: str) -> Case:
    found: Case | None = Case.objects.select_related("unit").filter(code=code).first()
    if found is None:
        raise NotFound(_("没有这个问题，或您无权查看。"))
    return found


def _one(model: Any, pk: int | None, field: str) -> Any:
    """The row of an id that came in; None for none. Raises UserError that names the field."""
    if pk is None:
        return None
    found = casework.by_key(model, {pk}).get(pk)
    if found is None:
        raise UserError(_("没有编号为 %(id)s 的记录。") % {"id": pk}, field)
    return found


# Fields that hold an id or a number, and what the verbs take in their place.
REFERENCES: dict[str, Callable[[Any, str], Any]] = {
    "unit": lambda pk, field: _one(Unit, pk, field),
    "account": lambda pk, field: _one(Account, pk, field),
    "owner": lambda pk, field: _one(Account, pk, field),
    "category": lambda pk, field: _one(Category, pk, field),
    "other": lambda code, field: _case(code),
    "into": lambda code, field: _case(code),
}


def _given(data: Schema) -> dict[str, Any]:
    """What came in, as a verb's arguments."""
    return {
        name: REFERENCES[name](value, name) if name in REFERENCES else value
        for name, value in data.dict().items()
    }


def _now(pk: int) -> Case | Status[None]:
    """The case as it is after a verb; 204 where the verb ended the actor's own sight of it."""
    rows = Case.objects.select_related("category").filter(pk=pk)
    for case in rows:
        return _filled(case)
    return Status(204, None)


def _filled(case: Case) -> Case:
    casework.fill(([case], casework.PEOPLE))
    return case


# --- reading ----------------------------------------------------------------------------------


@router.get("/cases", response=answered.Paged[answered.CaseOut])
def list_cases(request: HttpRequest, wanted: Query[asked.CaseFilter]) -> dict[str, Any]:
    """The problem list, filtered, searched, sorted and in parts."""
    criteria = casework.Criteria.of(wanted.conditions())
    rows = criteria.apply(actor_of(request), timezone.now())
    part = rows.select_related(*RELATED).order_by(wanted.sort, "-id")
    return {
        "count": rows.count(),
        "items": list(part[wanted.offset : wanted.offset + wanted.limit]),
    }


@router.get("/cases/statistics", response=answered.StatisticsOut)
def statistics(request: HttpRequest, wanted: Query[asked.Period]) -> Any:
    """Figures of a unit and a period; each names the filter that lists its cases."""
    return casework.statistics(actor=actor_of(request), **_given(wanted))


@router.get("/procedures", response=list[answered.ProcedureOut])
def list_procedures(request: HttpRequest) -> Any:
    """The procedures that a case may follow, with their states."""
    return list(casework.procedures().values())


# --- raising ----------------------------------------------------------------------------------


@router.post("/cases", response={201: answered.CaseOut})
def raise_problem(request: HttpRequest, data: asked.Raise) -> Any:
    """Raises a problem in your own name. Send an `Idempotency-Key` to raise it once for sure."""
    case = casework.raise_problem(actor=actor_of(request), channel=Case.Channel.API, **_given(data))
    return Status(201, _filled(case))


@router.post("/cases/on-behalf", response={201: answered.CaseOut})
def raise_on_behalf(request: HttpRequest, data: asked.OnBehalf) -> Any:
    """Enters what somebody said by telephone or in person."""
    case = casework.raise_on_behalf(actor=actor_of(request), **_given(data))
    return Status(201, _filled(case))


@router.post("/cases/bulk-assign", response=list[answered.AssignedOut])
def bulk_assign(request: HttpRequest, data: asked.BulkAssign) -> list[dict[str, str]]:
    """Hands several cases over to one unit; each that could not be says why."""
    given = _given(data) | {"cases": [_case(code) for code in dict.fromkeys(data.cases)]}
    results = casework.bulk_assign(actor=actor_of(request), **given)
    return [{"code": one.case.code, "problem": one.problem} for one in results]


# --- carrying ---------------------------------------------------------------------------------


@router.get("/cases/{code}", response=answered.DossierOut)
def one_case(request: HttpRequest, code: Path[asked.Code]) -> casework.Dossier:
    """A case, with its three lists, its timeline, and what you may do now."""
    return casework.dossier(actor=actor_of(request), code=code)


STEPS: dict[Callable[..., Any], type[Schema]] = {
    casework.receive: asked.Step,
    casework.hand_over: asked.HandOver,
    casework.accept: asked.Step,
    casework.return_: asked.WithReason,
    casework.take_back: asked.WithReason,
    casework.escalate: asked.WithReason,
    casework.ask_department: asked.AskDepartment,
    casework.join: asked.Step,
    casework.decline: asked.WithReason,
    casework.answer: asked.WithText,
    casework.pause: asked.Pause,
    casework.resume: asked.WithReason,
    casework.submit: asked.Submit,
    casework.verify: asked.Verify,
    casework.urge: asked.Urge,
    casework.supervise: asked.WithText,
    casework.set_deadline: asked.SetDeadline,
    casework.change_procedure: asked.ChangeProcedure,
    casework.withdraw: asked.WithReason,
    casework.reject: asked.WithReason,
    casework.close: asked.WithReason,
    casework.reopen: asked.WithReason,
    casework.link: asked.LinkTo,
    casework.merge: asked.MergeInto,
    casework.unmerge: asked.WithReason,
}


def _operation(verb: Callable[..., Any], body: type[Schema]) -> Callable[..., Any]:
    """The operation that calls a verb; its documentation is the verb's."""

    def carry(request: HttpRequest, code: Path[asked.Code], data: Schema) -> Any:
        case = _case(code)
        verb(actor=actor_of(request), case=case, **_given(data))
        return _now(case.pk)

    carry.__name__, carry.__doc__ = verb.__name__, verb.__doc__
    carry.__annotations__ = {"request": HttpRequest, "code": Path[asked.Code], "data": body}
    return carry


for _verb, _body in STEPS.items():
    router.post(
        f"/cases/{{code}}/{answered.path_of(_verb.__name__)}",
        response={200: answered.CaseOut, 204: None},
    )(_operation(_verb, _body))


# --- the rectification list, evidence ---------------------------------------------------------


@router.post("/cases/{code}/measures", response={201: answered.MeasureOut})
def add_measure(request: HttpRequest, code: Path[asked.Code], data: asked.MeasureIn) -> Any:
    """Adds a step with a named person and a date."""
    return Status(
        201, casework.add_measure(actor=actor_of(request), case=_case(code), **_given(data))
    )


@router.put("/measures/{pk}", response=answered.MeasureOut)
def change_measure(request: HttpRequest, pk: Path[Id], data: asked.MeasureIn) -> Any:
    """Changes an open step."""
    measure = Measure.objects.get(pk=pk)
    return casework.change_measure(actor=actor_of(request), measure=measure, **_given(data))


@router.post("/measures/{pk}/finish", response=answered.MeasureOut)
def finish_measure(request: HttpRequest, pk: Path[Id], data: asked.Finish) -> Any:
    """Marks a step as done, and how."""
    measure = Measure.objects.get(pk=pk)
    return casework.finish_measure(actor=actor_of(request), measure=measure, **data.dict())


@router.post("/measures/{pk}/drop", response=answered.MeasureOut)
def drop_measure(request: HttpRequest, pk: Path[Id], data: asked.WithReason) -> Any:
    """Gives a step up, for a reason that stays on record."""
    measure = Measure.objects.get(pk=pk)
    return casework.drop_measure(actor=actor_of(request), measure=measure, **data.dict())


@router.post("/cases/{code}/files", response={201: answered.FileOut})
def attach(request: HttpRequest, code: Path[asked.Code], file: File[UploadedFile]) -> Any:
    """Adds a file to a case as evidence (multipart, field `file`)."""
    return Status(201, casework.attach(actor=actor_of(request), case=_case(code), upload=file))


@router.post("/measures/{pk}/files", response={201: answered.FileOut})
def attach_to_measure(request: HttpRequest, pk: Path[Id], file: File[UploadedFile]) -> Any:
    """Adds a file to a step as evidence (multipart, field `file`)."""
    measure = Measure.objects.get(pk=pk)
    file_kept = casework.attach(
        actor=actor_of(request), case=Case(pk=measure.case_id), upload=file, measure=measure
    )
    return Status(201, file_kept)


@router.post("/cases/{code}/phone", response=answered.PhoneOut)
def reveal_phone(
    request: HttpRequest, response: HttpResponse, code: Path[asked.Code], data: asked.Why
) -> dict[str, str]:
    """The reporter's whole telephone number; who asked, and why, goes into the trail."""
    response["Cache-Control"] = "private, no-store"  # no receipt keeps a copy of it either
    return {"phone": casework.reveal_phone(actor=actor_of(request), case=_case(code), why=data.why)}


@router.post("/cases/{code}/forget-reporter", response={200: answered.CaseOut, 204: None})
def forget_reporter(request: HttpRequest, code: Path[asked.Code], data: asked.Why) -> Any:
    """Removes the reporter's name and telephone, three years after the case has ended."""
    case = casework.forget_reporter(actor=actor_of(request), case=_case(code), why=data.why)
    return _now(case.pk)


# --- what makes the work lighter --------------------------------------------------------------


@router.get("/categories", response=list[answered.CategoryOut])
def list_categories(request: HttpRequest) -> Any:
    """What a problem can be about."""
    return told_to(actor_of(request), Category.objects.all())[:1000]


@router.post("/categories", response={201: answered.CategoryOut})
def add_category(request: HttpRequest, data: asked.CategoryIn) -> Any:
    return Status(201, casework.save_category(actor=actor_of(request), **_given(data)))


@router.put("/categories/{pk}", response=answered.CategoryOut)
def change_category(request: HttpRequest, pk: Path[Id], data: asked.CategoryIn) -> Any:
    """Changes a category, which stays its unit's; one in use is switched off, never removed."""
    category = told_to(actor_of(request), Category.objects.all()).get(pk=pk)
    given = _given(data) | {"unit": category.unit, "category": category}
    return casework.save_category(actor=actor_of(request), **given)


@router.get("/templates", response=list[answered.TemplateOut])
def list_templates(request: HttpRequest) -> Any:
    """Texts to start from."""
    return told_to(actor_of(request), Template.objects.all())[:1000]


@router.post("/templates", response={201: answered.TemplateOut})
def add_template(request: HttpRequest, data: asked.TemplateIn) -> Any:
    return Status(201, casework.save_template(actor=actor_of(request), **_given(data)))


@router.put("/templates/{pk}", response=answered.TemplateOut)
def change_template(request: HttpRequest, pk: Path[Id], data: asked.TemplateIn) -> Any:
    """Changes a template; it stays its unit's."""
    template = told_to(actor_of(request), Template.objects.all()).get(pk=pk)
    given = _given(data) | {"unit": template.unit, "template": template}
    return casework.save_template(actor=actor_of(request), **given)


@router.get("/filters", response=list[answered.FilterOut])
def list_filters(request: HttpRequest) -> Any:
    """Your own saved filters."""
    return SavedFilter.objects.filter(account_id=actor_of(request).account_id)[:1000]


@router.post("/filters", response={201: answered.FilterOut})
def add_filter(request: HttpRequest, data: asked.FilterIn) -> Any:
    """Keeps a filter under a name; the same name again replaces it."""
    return Status(201, casework.save_filter(actor=actor_of(request), **data.dict()))


@router.delete("/filters/{pk}", response={204: None})
def remove_filter(request: HttpRequest, pk: Path[Id]) -> Status[None]:
    casework.remove_filter(actor=actor_of(request), filter_id=pk)
    return Status(204, None)


@router.post("/units/{pk}/intake", response=answered.IntakeOut)
def intake(request: HttpRequest, pk: Path[Id]) -> Any:
    """The public form of an enterprise, made when first asked for."""
    return casework.intake_of(actor=actor_of(request), unit=Unit.objects.get(pk=pk))


@router.post("/units/{pk}/intake/rotate", response=answered.IntakeOut)
def rotate_intake(request: HttpRequest, pk: Path[Id]) -> Any:
    """Gives the public form a new address; printed codes of the old one lead nowhere."""
    return casework.rotate_token(actor=actor_of(request), unit=Unit.objects.get(pk=pk))
