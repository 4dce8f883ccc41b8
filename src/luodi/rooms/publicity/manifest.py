"""Channels of publicity: what the room brings."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.lib.errors import UserError
from luodi.manifest import BRANCHES, READERS, Job, Manifest
from luodi.rooms.publicity.models import Channel, Publication


def within(record: Publication) -> None:
    """Refuses what was published in a channel before it was there, or after it had ended."""
    since, until = record.channel.opened_on, record.channel.closed_on
    day = record.published_on
    if (since and day < since) or (until and day >= until):
        raise UserError(_("这一天这个渠道还没有开通，或已经停用。"), "published_on")


CHANNELS = Resource(
    model=Channel,
    fields=["name", "kind", "unit", "address", "opened_on"],
    search=["name", "address"],
    children=[Publication],
    measure=_("个"),
    job=Job.NUMBERS,
)
PUBLICATIONS = Resource(
    model=Publication,
    fields=["title", "channel", "about", "published_on", "address"],
    search=["title", "channel__name"],
    sort="-published_on",
    opens="published_on",
    measure=_("篇"),
    check=within,
)
MANIFEST = Manifest(
    label=_("宣传"),
    prefix="publicity/",
    permissions={"publicity.view": READERS, "publicity.write": BRANCHES},
    resources=[CHANNELS, PUBLICATIONS],
)
