"""Street networks from GeoJSON and OpenStreetMap extracts (``.osm.pbf``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from ..core import BadData
from .network import Network, split_long

# OpenStreetMap wiki, "OSM tags for routing/Access restrictions"
NOT_ON_FOOT = {"motorway", "motorway_link", "trunk_link", "construction", "proposed", "raceway"}
NOT_BY_BIKE = NOT_ON_FOOT | {"steps", "corridor", "elevator"}
NO = {"no", "private"}


def allowed(tags: Mapping[str, str]) -> tuple[bool, bool, bool]:
    """(walk, cycle, one-way for bicycles) by the tags of an OpenStreetMap way."""
    kind = tags.get("highway", "road")
    shut = tags.get("access") in NO
    walk = tags.get("foot") in {"yes", "designated"} or not (
        shut or kind in NOT_ON_FOOT or tags.get("foot") in NO
    )
    cycle = tags.get("bicycle") in {"yes", "designated"} or not (
        shut or kind in NOT_BY_BIKE or tags.get("bicycle") in NO
    )
    oneway = tags.get("oneway") in {"yes", "1", "true"} and tags.get("oneway:bicycle") != "no"
    return walk, cycle, oneway


def read_streets(path: str | Path) -> Network:
    """A network from ``.geojson`` / ``.json`` lines, or an ``.osm.pbf`` extract.

    Raises :class:`BadData` for unreadable files, and where the pbf reader is not installed.
    """
    path = Path(path)
    if path.name.endswith((".pbf", ".osm")):
        return from_lines(_pbf_lines(path))
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadData(
            f"无法读取路网文件“{path}”。", f"The street file “{path}” cannot be read."
        ) from error
    return from_lines(geojson_lines(data))


Line = tuple[list[tuple[float, float]], Mapping[str, str]]


def geojson_lines(data: Mapping[str, object]) -> Iterable[Line]:
    """The (Multi)LineStrings of a GeoJSON feature collection (RFC 7946) with their properties."""
    features = data.get("features", [])
    assert isinstance(features, list)
    for feature in features:
        shape = feature.get("geometry") or {}
        tags = {k: str(v) for k, v in (feature.get("properties") or {}).items() if v is not None}
        if shape.get("type") == "LineString":
            yield [(p[0], p[1]) for p in shape["coordinates"]], tags
        elif shape.get("type") == "MultiLineString":
            for part in shape["coordinates"]:
                yield [(p[0], p[1]) for p in part], tags


def _pbf_lines(path: Path) -> Iterable[Line]:
    try:
        import osmium  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise BadData(
            "读取 .osm.pbf 需要另行安装 osmium（pip install osmium）。",
            "Reading .osm.pbf needs the package osmium (pip install osmium).",
        ) from None
    if not path.is_file():
        raise BadData(f"找不到文件“{path}”。", f"There is no file “{path}”.")
    streets = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    for way in streets.with_filter(osmium.filter.KeyFilter("highway")):
        if way.is_way():
            points = [(n.lon, n.lat) for n in way.nodes if n.location.valid()]
            yield points, {t.k: t.v for t in way.tags}


def from_lines(lines: Iterable[Line]) -> Network:
    """Streets that meet where they share a coordinate (to 1e-7 degrees, about 1 cm)."""
    points: list[tuple[float, float]] = []
    ends: list[tuple[int, int]] = []
    flags: list[tuple[bool, bool, bool]] = []
    for line, tags in lines:
        rule = allowed(tags)
        if rule[0] or rule[1]:
            first = len(points)
            points += line
            ends += [(first + i, first + i + 1) for i in range(len(line) - 1)]
            flags += [rule] * (len(line) - 1)
    if not ends:
        raise BadData("文件里没有可走的道路。", "The file has no usable streets.")
    at = np.round(np.array(points) * 1e7).astype(np.int64)
    unique, number = np.unique(at, axis=0, return_inverse=True)
    pair = number.ravel()[np.array(ends)]
    lon, lat, start, end, street = split_long(
        unique[:, 0] / 1e7, unique[:, 1] / 1e7, pair[:, 0], pair[:, 1]
    )
    walk, cycle, oneway = np.array(flags)[street].T
    return Network.from_edges(lon, lat, start, end, walk=walk, cycle=cycle, oneway=oneway)
