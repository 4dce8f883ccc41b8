"""Street networks from GeoJSON, OpenStreetMap extracts (``.osm.pbf``) and DIMACS graphs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from ..core import BadData
from .network import Network, metres_between, split_long

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
    """A network from ``.geojson`` / ``.json`` lines, an ``.osm.pbf`` extract or a ``.gr`` graph.

    Raises :class:`BadData` for unreadable files, and where the pbf reader is not installed.
    """
    path = Path(path)
    if path.name.endswith((".pbf", ".osm")):
        return from_lines(_pbf_lines(path))
    if path.suffix == ".gr":
        return read_dimacs(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadData(
            f"无法读取路网文件“{path}”。", f"The street file “{path}” cannot be read."
        ) from error
    return from_lines(geojson_lines(data))


def read_dimacs(path: Path) -> Network:
    """A road graph of the 9th DIMACS challenge: ``NAME.gr`` with ``NAME.co`` beside it.

    Streets are used both ways. The unit of length differs between files: it is taken to be the
    power of ten metres that fits the coordinates (micro-degrees) best.
    """
    try:
        arcs = _rows(path, b"a ", 3)
        nodes = _rows(path.with_suffix(".co"), b"v ", 3)
    except (OSError, ValueError) as error:
        raise BadData(

                f"“{path.name}”和同名的 .co 文件不是 DIMACS 路网。",
                f"“{path.name}” and its .co file are no DIMACS graph."
        ) from error
    nodes = nodes[np.argsort(nodes[:, 0])]
    lon, lat = nodes[:, 1] / 1e6, nodes[:, 2] / 1e6
    ends = np.sort(arcs[:, :2].astype(np.intp) - 1, axis=1)
    if not len(ends) or ends.min() < 0 or ends.max() >= len(nodes):
        raise BadData("路段引用了未知的节点。", "An arc refers to an unknown node.")
    _, first = np.unique(ends[:, 0] * len(nodes) + ends[:, 1], return_index=True)
    start, end = ends[first].T
    line, length = metres_between(lon[start], lat[start], lon[end], lat[end]), arcs[first, 2]
    use = (line > 0) & (length > 0)
    unit = 10.0 ** np.round(np.log10(np.median(line[use] / length[use]))) if use.any() else 1.0
    return Network.from_edges(lon, lat, start, end, metres=length * unit)


def _rows(path: Path, mark: bytes, width: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    lines = [row[2:] for row in path.read_bytes().splitlines() if row.startswith(mark)]
    return np.array(b" ".join(lines).split(), dtype=np.float64).reshape(len(lines), width)


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
                "Reading .osm.pbf needs the package osmium (pip install osmium)."
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
