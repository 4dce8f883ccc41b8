"""A file of streets, read once and kept as arrays."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError
from luodi.planning.core import BadData
from luodi.planning.reach.network import Network
from luodi.planning.reach.readers import read_streets
from luodi.rooms.circle.models import Streets

FIELDS = ("lon", "lat", "tail", "head", "metres", "grade", "walk", "cycle")
MOST_BYTES = 200 * 2**20
ENDINGS = (".geojson", ".json", ".pbf")


def packed(network: Network) -> bytes:
    """The arrays of a network, compressed."""
    stream = io.BytesIO()
    np.savez_compressed(stream, **{name: getattr(network, name) for name in FIELDS})
    return stream.getvalue()


def network_of(streets: Streets) -> Network:
    """The network that was read."""
    with np.load(io.BytesIO(bytes(streets.packed)), allow_pickle=False) as found:
        arrays: Mapping[str, np.ndarray] = {name: found[name] for name in FIELDS}
    return Network(**arrays)


def mainland(network: Network) -> tuple[Network, int]:
    """The largest connected part, and how many small ones were left out: from an island of streets
    nothing is reached, which would look like a gap in the circle."""
    n = len(network.lon)
    ones = np.ones(len(network.tail))
    graph = csr_array((ones, (network.tail, network.head)), shape=(n, n))
    many, part = connected_components(graph, directed=False)
    if many == 1:
        return network, 0
    keep = part == np.bincount(part).argmax()
    number = np.cumsum(keep) - 1
    use = keep[network.tail]
    arrays = {name: getattr(network, name)[use] for name in FIELDS[4:]}
    return (
        Network(
            network.lon[keep],
            network.lat[keep],
            number[network.tail[use]],
            number[network.head[use]],
            **arrays,
        ),
        int(many) - 1,
    )


def keep_streets(*, actor: Actor, unit: Unit, name: str, content: bytes) -> Streets:
    """Reads a file of streets (GeoJSON lines, .osm.pbf) in the place of what the unit had.

    Raises UserError for a file that is none, in the reader's words.
    """
    actor.require("circle.write", unit.path)
    if not name.lower().endswith(ENDINGS):
        raise UserError(_("请上传 GeoJSON（.geojson、.json）或 .osm.pbf 文件。"), "file")
    if len(content) > MOST_BYTES:
        raise UserError(_("文件太大，最多%(most)s MB。") % {"most": MOST_BYTES // 2**20}, "file")
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix.lower()) as kept:
        kept.write(content)
        kept.flush()
        try:
            network, islands = mainland(read_streets(kept.name))
        except BadData as problem:
            raise UserError(str(problem), "file") from problem
        except (
            KeyError,
            TypeError,
            ValueError,
            IndexError,
            AttributeError,
            AssertionError,
        ) as fault:
            raise UserError(_("这个文件不是路网，或者已损坏。"), "file") from fault
    values = {
        "source": name[:200],
        "nodes": len(network.lon),
        "streets": len(network.tail) // 2,
        "islands": islands,
        "packed": packed(network),
        "read_at": timezone.now(),
    }
    made, _new = Streets.objects.update_or_create(
        unit=unit, defaults=values, create_defaults={**values, "path": unit.path}
    )
    return made
