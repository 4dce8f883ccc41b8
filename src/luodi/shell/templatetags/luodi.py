"""Tags and filters that every template has without loading them."""

from __future__ import annotations

import uuid

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
from django.utils.html import format_html
from django.utils.safestring import SafeString

from luodi.shell.cells import text_of

register = template.Library()
register.filter("shown", text_of)


@register.simple_tag
def once() -> SafeString:
    """The hidden key that makes a form's writing happen once, however often it is sent."""
    return format_html('<input type="hidden" name="_once" value="{}">', uuid.uuid4())


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture of the sprite in `shell/icons.html`; words always stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"></use></svg>',
        name,
    )


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


@register.filter
def kind(field: BoundField) -> str:
    """How a field is laid out: `check` (box before its label), `group` (many boxes), `line`."""
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "group"
    return "check" if isinstance(widget, CheckboxInput) else "line"


@register.filter
def has_files(form: object) -> bool:
    """Whether the form has a file to send."""
    return any(isinstance(f.widget, FileInput) for f in form.fields.values())  # type: ignore[attr-defined]
