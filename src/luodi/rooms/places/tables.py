"""Photographs of a place are seen by whoever sees the place, not only where its unit's rows are."""

from __future__ import annotations

from luodi.ground.tables.api import Policy

PHOTOGRAPHS = """(SELECT luodi_scope_ok()) AND (
  (subject = 'places_venue' AND subject_id IN (SELECT seen.id FROM places_venue AS seen))
  OR (subject = 'places_room' AND subject_id IN (SELECT seen.id FROM places_room AS seen))
)"""
POLICIES = {"evidence_file": [Policy("photographs", "SELECT", using=PHOTOGRAPHS)]}
