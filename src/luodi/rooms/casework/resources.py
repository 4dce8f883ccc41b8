"""What cases are set up with: kinds of records declared once."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource, UnitOf
from luodi.rooms.casework.models import Category, Template

WRITE = "cases.template"
UNIT = UnitOf(_("适用单位"), name="unit", permission=WRITE, help=_("它和它的下级可以使用。"))

CATEGORIES = Resource(
    model=Category,
    fields=["name", "name_en", UNIT, "position", "is_active"],
    view="cases.view",
    write=WRITE,
    owner="unit",
    sort="position",
    plural="categories",
    setting=True,
)
TEMPLATES = Resource(
    model=Template,
    fields=["name", "kind", "text", UNIT, "is_active"],
    columns=["name", "kind", "unit", "is_active"],
    view="cases.view",
    write=WRITE,
    owner="unit",
    setting=True,
)
