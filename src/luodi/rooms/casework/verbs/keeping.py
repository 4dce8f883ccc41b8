"""Small things that people set up for themselves and each other."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit, require_site_wide
from luodi.lib.errors import NotFound, UserError
from luodi.lib.text import one_line
from luodi.rooms.casework.filters import kept
from luodi.rooms.casework.models import Category, SavedFilter, Template


def save_filter(*, actor: Actor, name: str, query: str) -> SavedFilter:
    """Keeps a list's filter under a name of the actor's own; the same name again replaces it.

    Records are kept by their keys: a filter goes on working when what it names is renamed. Raises
    UserError for a condition that cannot be understood.
    """
    name = one_line(name)[:40]
    if not name:
        raise UserError(_("请给这个筛选起个名字。"), "name")
    query = kept(query, actor=actor)
    found, _made = SavedFilter.objects.update_or_create(
        account_id=actor.account_id, name=name, defaults={"query": query}
    )
    return found


def remove_filter(*, actor: Actor, filter_id: int) -> None:
    """Forgets one of the actor's own filters."""
    if not SavedFilter.objects.filter(account_id=actor.account_id, pk=filter_id).delete()[0]:
        raise NotFound(_("没有这个筛选。"))


def save_category(
    *,
    actor: Actor,
    name: str,
    name_en: str = "",
    unit: Unit | None = None,
    position: int = 0,
    is_active: bool = True,
    category: Category | None = None,
) -> Category:
    """Adds a category, or changes `category`. What is in use is switched off, never removed.

    One without a unit is everybody's, and only who manages the whole site may touch it.
    """
    _require(actor, category.unit if category else unit)
    name = one_line(name)[:40]
    if not name:
        raise UserError(_("请填写类别名称。"), "name")
    saved = category or Category(unit=unit)
    saved.name, saved.name_en = name, one_line(name_en)[:60]
    saved.position, saved.is_active = position, is_active
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        raise UserError(_("已有这个类别。"), "name") from None
    return saved


def _require(actor: Actor, unit: Unit | None) -> None:
    if unit is None:
        require_site_wide(actor, "cases.template")
    else:
        actor.require("cases.template", unit.path)


def save_template(
    *,
    actor: Actor,
    kind: str,
    name: str,
    text: str,
    unit: Unit | None = None,
    is_active: bool = True,
    template: Template | None = None,
) -> Template:
    """Adds a text to start from, or changes `template`; see `save_category`."""
    _require(actor, template.unit if template else unit)
    if kind not in Template.Kind.values:
        raise UserError(_("请选择模板的用途。"), "kind")
    if not name.strip() or not text.strip():
        raise UserError(_("请填写名称和内容。"), "name" if not name.strip() else "text")
    saved = template or Template(unit=unit)
    saved.kind, saved.name, saved.text = kind, name.strip()[:60], text.strip()
    saved.is_active = is_active
    saved.save()
    return saved
