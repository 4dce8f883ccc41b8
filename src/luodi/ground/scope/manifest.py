"""Units, accounts, roles: what the scope brings."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import History, Job, Manifest, Place

MANIFEST = Manifest(
    label=_("组织与账号"),
    permissions={
        "units.write": {"office", "system_admin"},
        "system.configure": {"system_admin"},
        "accounts.write": {"security_admin"},
        "roles.write": {"security_admin"},
        "tokens.write": {"security_admin"},
    },
    histories=[History("scope_unit", [("scope_unitname", "unit_id")])],
    places=[
        Place("scope:tree", _("组织架构"), "tree", Job.PEOPLE),
        Place("scope:accounts", _("账号与角色"), "key", Job.ADMINISTRATION, ("accounts.write",)),
    ],
)
