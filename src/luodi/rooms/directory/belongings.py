"""The posts of who goes, and of a unit that is closed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, today
from luodi.manifest import Belonging, Heir, Hit, Owner
from luodi.rooms.directory.models import Post
from luodi.rooms.directory.verbs.posts import end_post


def _posts(day: dt.date) -> Any:
    rows = Post.objects.on(day).filter(valid__startswith__lt=day)
    return rows.select_related("person", "unit").order_by("id")


def _held(owner: Owner) -> Any:
    """A person's own posts: an account that ends does not say that the post has ended."""
    rows = _posts(today())
    if owner.account is None or owner.within is not None:
        return rows.none()
    rows = rows.filter(person__account=owner.account)
    return rows.filter(unit=owner.unit) if owner.unit is not None else rows


def _given(owner: Owner) -> Any:
    """The posts of a unit: nobody holds one where there is no unit."""
    rows = _posts(today())
    if owner.account is not None or owner.unit is None or owner.within is not None:
        return rows.none()
    return rows.filter(unit=owner.unit)


def _given_adrift(day: dt.date) -> Any:
    return _posts(day).filter(unit__closed_on__lte=day)


def _none_adrift(day: dt.date) -> Any:
    return Post.objects.none()


def end_here(*, actor: Actor, row: Post, heir: Heir, why: str = "") -> Post:
    """Ends a post of a unit that is closed; who takes its affairs takes no post by that."""
    return end_post(actor=actor, post=row, on=today())


def _line(row: Post) -> Hit:
    address = reverse("directory:person", args=[row.person_id])
    return Hit(f"{row.person.name} · {row}", address, str(row.unit))


BELONGINGS = [
    Belonging(_("本人的任职"), _held, _none_adrift, _line),
    Belonging(_("本单位的任职（随撤销结束）"), _given, _given_adrift, _line, end_here),
]
