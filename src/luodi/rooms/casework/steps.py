"""What a page asks for each verb, and how it calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from luodi.ground.scope.api import Actor
from luodi.lib.errors import Stale
from luodi.rooms.casework import api, forms
from luodi.rooms.casework.models import Case, Measure

Data = dict[str, Any]
Run = Callable[[Actor, Case, Data], object]


@dataclass(frozen=True, slots=True)
class Step:
    """A form (none: the button alone is enough) and the call that its data goes into.

    `tone` is "danger" for what ends a case. A step `of_measure` concerns one measure.
    """

    run: Callable[..., object]
    form: type[forms.StepForm] = forms.StepForm
    tone: str = ""
    of_measure: bool = False

    @property
    def bare(self) -> bool:
        return self.form is forms.StepForm

    @property
    def unwritten(self) -> bool:
        """Whether nobody has written anything that could be lost with it."""
        return self.bare or self.form is forms.ReceiveForm


def straight(verb: Callable[..., object]) -> Callable[..., object]:
    """A verb that takes the form's data as it is."""
    return lambda actor, case, data: verb(actor=actor, case=case, **data)


def renamed(verb: Callable[..., object], **names: str) -> Callable[..., object]:
    """A verb whose arguments the form calls otherwise."""

    def run(actor: Actor, case: Case, data: Data) -> object:
        return verb(actor=actor, case=case, **{names.get(k, k): v for k, v in data.items()})

    return run


def to_holder(verb: Callable[..., object]) -> Callable[..., object]:
    def run(actor: Actor, case: Case, data: Data) -> object:
        unit, account = data.pop("holder")
        return verb(actor=actor, case=case, unit=unit, account=account, **data)

    return run


def said(satisfied: bool) -> Callable[..., object]:
    return lambda actor, case, data: api.verify(actor=actor, case=case, satisfied=satisfied, **data)


def urge(actor: Actor, case: Case, data: Data) -> object:
    """Urging never fails because of a stale page."""
    return api.urge(actor=actor, case=case, text=data["text"])


def of_measure(verb: Callable[..., object]) -> Callable[..., object]:
    return lambda actor, measure, data: verb(actor=actor, measure=measure, **data)


# By the transition's verb; where one verb serves two transitions, by the transition's key.
STEPS: dict[str, Step] = {
    "receive": Step(straight(api.receive), forms.ReceiveForm),
    "accept": Step(straight(api.accept)),
    "join": Step(straight(api.join)),
    "return_": Step(straight(api.return_), forms.ReasonForm),
    "decline": Step(straight(api.decline), forms.ReasonForm),
    "take_back": Step(straight(api.take_back), forms.NoteForm),
    "hand_over": Step(to_holder(api.hand_over), forms.HandOverForm),
    "ask_department": Step(to_holder(api.ask_department), forms.HelpForm),
    "escalate": Step(straight(api.escalate), forms.ReasonForm),
    "answer": Step(straight(api.answer), forms.AnswerForm),
    "attach": Step(lambda actor, case, data: case, forms.AttachForm),
    "submit": Step(straight(api.submit), forms.SubmitForm),
    "satisfied": Step(said(True), forms.SatisfiedForm),
    "unsatisfied": Step(said(False), forms.UnsatisfiedForm),
    "pause": Step(straight(api.pause), forms.PauseForm),
    "resume": Step(straight(api.resume), forms.ReasonForm),
    "urge": Step(urge, forms.UrgeForm),
    "supervise": Step(straight(api.supervise), forms.TextForm),
    "set_deadline": Step(straight(api.set_deadline), forms.DeadlineForm),
    "change_procedure": Step(straight(api.change_procedure), forms.ProcedureForm),
    "link": Step(renamed(api.link, kind_of="kind"), forms.LinkForm),
    "merge": Step(straight(api.merge), forms.MergeForm),
    "unmerge": Step(straight(api.unmerge), forms.NoteForm),
    "withdraw": Step(straight(api.withdraw), forms.ReasonForm, tone="danger"),
    "reject": Step(straight(api.reject), forms.ReasonForm, tone="danger"),
    "close": Step(straight(api.close), forms.ReasonForm, tone="danger"),
    "reopen": Step(straight(api.reopen), forms.ReasonForm),
    "add_measure": Step(straight(api.add_measure), forms.MeasureForm),
    "change_measure": Step(of_measure(api.change_measure), forms.MeasureForm, of_measure=True),
    "finish_measure": Step(of_measure(api.finish_measure), forms.FinishForm, of_measure=True),
    "drop_measure": Step(
        of_measure(api.drop_measure), forms.ReasonForm, tone="danger", of_measure=True
    ),
}


def step_of(transition: api.Transition) -> Step | None:
    return STEPS.get(transition.key) or STEPS.get(transition.verb)


def take_step(step: Step, actor: Actor, case: Case, measure: Measure | None, data: Data) -> object:
    """Attaches the files, then calls the verb: it may need them, or end the right to add them.

    Each file is one version of the case, so the verb is told of as many more. A stale page is told
    the version that is now, so that a second, knowing submit goes through.
    """
    files = data.pop("file", [])
    for upload in files:
        api.attach(actor=actor, case=case, upload=upload, measure=measure)
    if data.get("version") is not None:
        data["version"] += len(files)
    try:
        return step.run(actor, measure or case, data)
    except Stale as stale:
        present = Case.objects.values_list("version", flat=True).get(pk=case.pk) - len(files)
        raise Stale(stale.message, {**stale.theirs, "version": present}) from stale
