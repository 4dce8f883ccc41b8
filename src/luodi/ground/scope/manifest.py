"""Units, accounts, roles: what the scope brings."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import LEADERS, History, Job, Manifest, Place

MANIFEST = Manifest(
    label=_("组织与账号"),
    permissions={
        "units.write": {"office", "system_admin"},
        "system.configure": {"system_admin"},
        "belongings.hand_on": LEADERS,
        "accounts.write": {"security_admin"},
        "roles.write": {"security_admin"},
        "tokens.write": {"security_admin"},
    },
    histories=[History("scope_unit", [("scope_unitname", "unit_id")])],
    places=[
        Place("scope:tree", _("组织架构"), "tree", Job.PEOPLE),
        Place(
            *("scope:adrift", _("无人负责的事项"), "bell", Job.ADMINISTRATION),
            ("belongings.hand_on",),
        ),
        Place("scope:accounts", _("账号与角色"), "key", Job.ADMINISTRATION, ("accounts.write",)),
    ],
)
