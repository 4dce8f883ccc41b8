"""The end of a file: five years after the agreement ended (order 66, see `rules.KEPT_YEARS`) what points
to a person is erased; what is counted stays."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext

from luodi.ground.records.api import verb
from luodi.ground.scope.api import Actor, because
from luodi.lib.errors import UserError
from luodi.rooms.care.models import (
    Absence,
    Act,
    Agreement,
    Assessment,
    Batch,
    Contact,
    Document,
    Dose,
    Due,
    Fact,
    Handover,
    Incident,
    Note,
    Observation,
    Plan,
    Prescription,
    Resident,
    Risk,
    State,
    Step,
    StockMove,
    Visit,
    Word,
)
from luodi.rooms.care.rules import KEPT_YEARS
from luodi.rooms.care.verbs.common import locked
from luodi.rooms.care.verbs.money import balance

GONE = (State.LEFT, State.DIED, State.WITHDRAWN)
# What goes as a whole; of the rest the words go and the counts stay.
REMOVED = (StockMove, Dose, Batch, Prescription, Due, Act, Document, Visit, Word, Contact)


def erasable(day: dt.date) -> QuerySet[Resident]:
    """Those who have been gone for the years, and are not erased yet."""
    years = int(KEPT_YEARS.value)
    before = day.replace(year=day.year - years, day=min(day.day, 28))
    return Resident.objects.filter(state__in=GONE, ended_on__lte=before, erased_on=None)


@verb(permission="care.setup", on="resident")
def erase(*, actor: Actor, resident: Resident, on: dt.date) -> Resident:
    """Erases a file whose years are over: name, contacts, documents, health; stays, kinds, levels,
    incidents and money stay as counts. Raises UserError earlier, or while money is open."""
    found = locked(resident)
    if not erasable(on).filter(pk=found.pk).exists():
        raise UserError(gettext("档案须在协议终止后保存满5年。"))
    if any(balance(found, account) for account in ("owed", "prepaid", "deposit")):
        raise UserError(gettext("账目还没有结清，不能抹去。"))
    because(str(KEPT_YEARS.source))
    here = {"resident": found}
    Note.objects.filter(**here).update(replaces=None)
    Note.objects.filter(**here).delete()
    for model in REMOVED:
        model._default_manager.filter(**here).delete()
    Observation.objects.filter(**here).update(text="")
    Fact.objects.filter(**here).update(text="", off_why="")
    Step.objects.filter(**here).update(note="")
    Absence.objects.filter(**here).update(place="", with_whom="")
    Agreement.objects.filter(**here).update(agent="", agent_phone="")
    Plan.objects.filter(**here).update(need="", aim="", evaluation="")
    Risk.objects.filter(**here).update(why="")
    Assessment.objects.filter(**here).update(answers={}, conclusion="")
    Incident.objects.filter(**here).update(text="", measures="", told=[], follow_up="")
    for handover in Handover.objects.filter(unit=found.unit_id):
        kept = [one for one in handover.gathered if one.get("resident") != found.pk]
        if len(kept) != len(handover.gathered):
            handover.gathered = kept
            handover.save(update_fields=["gathered"])
    found.name, found.phone, found.wish, found.picture = gettext("（已抹去）"), "", "", None
    found.born_on = found.born_on.replace(month=1, day=1)
    found.assess_why, found.erased_on = "", on
    found.save()
    return found
