"""Figures: numbers with a name, read at a date, opened to their rows."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.finders import find_figures
from luodi.manifest import Finder, Job, Manifest, Place

MANIFEST = Manifest(
    label=_("数据指标"),
    prefix="figures/",
    search=[Finder(_("数据指标"), find_figures, ("cases.view",), more="figures:catalogue")],
    places=[
        Place("figures:catalogue", _("数据指标"), "number", Job.NUMBERS, ("cases.view",)),
        Place("figures:check", _("文稿数据核对"), "check", Job.NUMBERS, ("cases.view",)),
    ],
)
