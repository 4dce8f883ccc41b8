"""Who sees a case beyond its unit: a share opens exactly one case, in both directions."""

# ruff: noqa: S608 - every part is a constant of the program
from __future__ import annotations

from luodi.ground.tables.api import IN_RANGE, IN_SCOPE, ByUnit, Policy

# The cases outside the reader's own scope that were shared with a unit of it.
SHARED = "(SELECT casework_shared())::bigint[]"
OF_CASE = ByUnit(via="case", also=f"{{table}}.case_id = ANY({SHARED})", indexed=True)

# One may share a case of one's own scope; one that was shared with a unit of it, within it only.
TAKER = IN_RANGE.replace("{path}", "{table}.unit_path")
GIVEN = f"{IN_SCOPE} OR ({TAKER} AND {{table}}.case_id = ANY({SHARED}))"
SHARING = ByUnit(via="case", also=TAKER, insert=GIVEN, update=GIVEN)

# With a hundred steps a zone of a hundred falls into one, and was taken for a single row.
STEPS = {"path": 500}

# Files of a shared case are seen, and added to, with the case.
FILES = f"""(SELECT luodi_scope_ok()) AND (
  (subject = 'casework_case' AND subject_id = ANY({SHARED}))
  OR (subject = 'casework_measure' AND subject_id = ANY(ARRAY(
        SELECT m.id FROM casework_measure m WHERE m.case_id = ANY({SHARED}))))
)"""
POLICIES = {"evidence_file": [Policy("shared_cases", using=FILES)]}
