"""The trail of the exchange's rows, for who sees the rows; it holds no path, so nobody else but an
auditor reads it, and no price, quantity or name in it (`watch`)."""

from luodi.ground.tables.api import SIGNED, Policy

SEEN = " ".join(
    f"WHEN '{table}' THEN EXISTS (SELECT 1 FROM {table} AS seen"  # noqa: S608 - constants
    f" WHERE seen.id = audit_entry.subject_id::bigint)"
    for table in (
        "exchange_offer",
        "exchange_introduction",
        "exchange_side",
        "exchange_contract",
        "exchange_delivery",
        "exchange_party",
        "exchange_profile",
    )
)
POLICIES = {
    "audit_entry": [
        Policy(
            "exchange",
            "SELECT",
            using=f"audit_entry.subject LIKE 'exchange\\_%'"
            f" AND {SIGNED} AND (CASE audit_entry.subject {SEEN} ELSE false END)",
        )
    ]
}
