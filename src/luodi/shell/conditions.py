"""Conditions that cannot be understood: what is not a parameter, what is not a value, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext as _


def unknown(asked: QueryDict, known: Iterable[str]) -> list[str]:
    """The parameters of an address that say something which nobody reads."""
    names = frozenset(known)
    return [name for name in asked if name not in names and any(asked.getlist(name))]


def no_such(names: Iterable[str]) -> str:
    """Says that an address asks for what there is not."""
    return _("没有“%(names)s”这个条件，什么都没有列出。") % {"names": _("、").join(names)}


def faults_of(form: BaseForm) -> str:
    """Says what of a filter that is not valid cannot be understood."""
    faults = []
    for name, sentences in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        faults.append(f"{label}：{sentences[0]}" if label else str(sentences[0]))
    return _("筛选条件看不懂，什么都没有列出。%(why)s") % {"why": " ".join(faults)}
