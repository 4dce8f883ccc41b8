from django.db import migrations

from luodi.ground.tables.frozen.audit import Watch
from luodi.ground.tables.frozen.scope import ScopeByUnit

BRANCH = {"via": "branch_id", "parent": "directory_branch"}

# A person's values never reach the trail, which cannot be erased; it says only that they changed.
PERSONAL = [
    "name",
    "sort_key",
    "spelling",
    "sex",
    "born_on",
    "education",
    "identity_cipher",
    "identity_hash",
    "phone_cipher",
]


class Migration(migrations.Migration):
    """Who sees which rows of the directory, and what the trail holds of them."""

    dependencies = [
        ("directory", "0001_initial"),
        ("scope", "0002_guard"),
        ("audit", "0002_trail"),
    ]

    operations = [
        ScopeByUnit("directory_enterprise"),
        ScopeByUnit("directory_lead"),
        ScopeByUnit("directory_branch"),
        ScopeByUnit("directory_standing", **BRANCH),
        ScopeByUnit("directory_branchspan", **BRANCH),
        ScopeByUnit("directory_ruleoverride", **BRANCH),
        ScopeByUnit("directory_person"),
        ScopeByUnit("directory_membership", **BRANCH),
        ScopeByUnit("directory_post"),
        Watch("directory_chain"),
        Watch("directory_enterprise", hidden=["contact_name", "contact_phone"]),
        Watch("directory_lead"),
        Watch("directory_branch"),
        Watch("directory_standing"),
        Watch("directory_branchspan"),
        Watch("directory_ruleoverride"),
        Watch("directory_person", hidden=PERSONAL),
        Watch("directory_membership"),
        Watch("directory_post"),
    ]
