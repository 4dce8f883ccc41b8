"""The file of streets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, UnitField, units_of


class StreetsForm(forms.Form):
    """Whose streets, and the file."""

    unit = UnitField(label=_("单位"))
    file = forms.FileField(
        label=_("路网文件"),
        help_text=_("GeoJSON 线条，或 .osm.pbf（服务器要另装 osmium）。读一次，存进数据库。"),
    )

    def __init__(self, *args: object, actor: Actor, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["unit"].offer(units_of(actor, "circle.write"))  # type: ignore[attr-defined]
