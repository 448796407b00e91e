"""Natural Earth layers (public domain), made small and stable: sorted features, sorted keys, rounded coordinates."""

from __future__ import annotations

import json
from typing import Any

from malibook.errors import BookError


def tidy_layer(
    raw: dict[str, Any], *, places: int = 4, keep: tuple[str, ...] = ("iso_3166_2", "name")
) -> dict[str, Any]:
    """Return a GeoJSON layer with the named properties only and coordinates rounded (4 decimals: about 11 metres).

    Points that fall together after rounding become one. Features are sorted by name, ties kept in order. Raises
    `BookError` for a feature without a name.
    """
    features = []
    for number, feature in enumerate(raw.get("features", [])):
        properties = {key: feature["properties"][key] for key in sorted(keep) if key in feature["properties"]}
        if not properties.get("name"):
            raise BookError(
                "has no name", where=f"GeoJSON feature {number}", remedy="use a layer with a `name` property"
            )
        geometry = feature["geometry"]
        shape = {"coordinates": _rounded(geometry["coordinates"], places), "type": geometry["type"]}
        features.append({"geometry": shape, "properties": properties, "type": "Feature"})
    if not features:
        raise BookError("holds no feature", where="GeoJSON layer", remedy="download the layer again")
    return {"features": sorted(features, key=lambda f: f["properties"]["name"]), "type": "FeatureCollection"}


def dump_layer(layer: dict[str, Any]) -> str:
    """Return a layer as text, one feature a line, so that a change shows which feature changed."""
    lines = [json.dumps(f, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for f in layer["features"]]
    return '{"features":[\n' + ",\n".join(lines) + '\n],"type":"FeatureCollection"}\n'


def _rounded(coordinates: Any, places: int) -> Any:
    if isinstance(coordinates[0], (int, float)):
        return [round(value, places) for value in coordinates[:2]]
    parts = [_rounded(part, places) for part in coordinates]
    if isinstance(parts[0][0], (int, float)):
        parts = [point for i, point in enumerate(parts) if i == 0 or point != parts[i - 1]]
    return parts
