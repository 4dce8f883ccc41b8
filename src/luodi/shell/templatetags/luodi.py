"""Tags and filters that every template has without loading them."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    DateInput,
    DateTimeInput,
    FileInput,
    RadioSelect,
    Select,
    TimeInput,
)
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luodi.manifest import manifests
from luodi.shell.cells import text_of
from luodi.shell.navigation import Shown, phone_links

register = template.Library()
register.filter("shown", text_of)

# The first of these marks that a browser's own account of itself holds says what it is.
BROWSERS = (
    ("wxwork", _("企业微信")),
    ("MicroMessenger", _("微信")),
    ("DingTalk", _("钉钉")),
    ("Lark", _("飞书")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser(agent: str) -> str:
    """What signed in, in two words (Chrome · Windows); what is not known as it calls itself."""
    words = [
        next((name for mark, name in part if mark in agent), "") for part in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(str(word) for word in words if word) or agent


@register.simple_tag(takes_context=True)
def ways_in(context: Any) -> list[tuple[str, str]]:
    """Other ways to sign in than by password, as the apps offer them: (label, address)."""
    request = context["request"]
    return [way for one in manifests() if one.ways_in for way in one.ways_in(request)]


@register.simple_tag
def once() -> SafeString:
    """The hidden key that makes a form's writing happen once, however often it is sent."""
    return format_html('<input type="hidden" name="_once" value="{}">', uuid.uuid4())


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A picture of the sprite in `shell/icons.html`; words always stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"></use></svg>',
        name,
    )


_DRAWN: dict[object, SafeString] = {}
MOST_DRAWN = 1000


@register.simple_tag
def drawn(template_name: str, navigation: Shown) -> SafeString:
    """The navigation's links as a template draws them: once for all who see the same."""
    links = tuple(
        (one.href, one.here, one.badge, group.pinned, group.is_open)
        for group, some in navigation
        for one in some
    )
    key = template_name, get_language(), links
    if (found := _DRAWN.get(key)) is None:
        if len(_DRAWN) >= MOST_DRAWN:
            _DRAWN.clear()
        context = {"navigation": navigation, "links": phone_links(navigation)}
        found = _DRAWN[key] = render_to_string(template_name, context)
    return found


@register.filter
def control(field: BoundField) -> SafeString:
    """A form field's input with the theme's classes and the browser's own date picker."""
    widget = field.field.widget
    if isinstance(widget, DateTimeInput):
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, DateInput):
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    elif isinstance(widget, TimeInput):
        widget.input_type, widget.format = "time", "%H:%M"
    if type(field.form).__module__.startswith("allauth."):
        widget.attrs.pop("placeholder", None)  # its labels, which our pages show as labels
    attrs: dict[str, str | bool] = {
        "class": " ".join(filter(None, (widget.attrs.get("class"), _class(field))))
    }
    return field.as_widget(attrs=attrs)


def _class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    if isinstance(widget, CheckboxInput):
        name = "form-check-input"
    elif isinstance(widget, Select):
        name = "form-select"
    else:
        name = "form-control"
    return f"{name} is-invalid" if field.errors else name


@register.simple_tag(name="field")
def whole_field(
    field: BoundField, label: object = "", *, plain: bool = False, bare: bool = False
) -> SafeString:
    """A form field with its label, its errors and its help.

    `plain` does not mark what is required, `bare` leaves out the help. Written here, not in a
    template: a form has many, and each would be four templates.
    """
    if field.is_hidden:
        return field.as_widget()
    widget, words = field.field.widget, label or field.label
    notes = _notes(field, bare=bare)
    if isinstance(widget, CheckboxInput):
        return format_html(
            '<div class="field form-check">{}<label class="form-check-label" for="{}">{}</label>{}</div>',
            control(field),
            field.id_for_label,
            words,
            notes,
        )
    must = SafeString()
    if field.field.required and not plain:
        must = format_html(' <span class="must">{}</span>', _("必填"))
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        told = field.aria_describedby
        told = format_html(' aria-describedby="{}"', told) if told else ""
        return format_html(
            '<fieldset class="field"{}><legend>{}{}</legend>{}{}</fieldset>',
            told,
            words,
            must,
            control(field),
            notes,
        )
    return format_html(
        '<div class="field"><label for="{}">{}{}</label>{}{}</div>',
        field.id_for_label,
        words,
        must,
        control(field),
        notes,
    )


def _notes(field: BoundField, *, bare: bool) -> SafeString:
    """What is wrong with a field, and what helps to fill it, where a screen reader finds it."""
    notes = SafeString()
    if field.errors:
        notes += format_html(
            '<div class="invalid-feedback d-block" id="{}_error" role="alert">{}</div>',
            field.auto_id,
            format_html_join("", "<div>{}</div>", ((one,) for one in field.errors)),
        )
    if field.help_text and not bare:
        notes += format_html(
            '<div class="form-text" id="{}_helptext">{}</div>',
            field.auto_id,
            mark_safe(field.help_text),  # noqa: S308 - as Django: a form's own words
        )
    return notes


@register.filter
def has_files(form: object) -> bool:
    """Whether the form has a file to send."""
    return any(isinstance(f.widget, FileInput) for f in form.fields.values())  # type: ignore[attr-defined]
