"""Enterprises, party organisations and people: what the directory brings."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

from luodi.manifest import BRANCHES, READERS, Finder, History, Job, Manifest, Place
from luodi.rooms.directory.belongings import BELONGINGS
from luodi.rooms.directory.finders import find_branches, find_enterprises, find_people
from luodi.rooms.directory.privacy import FIELDS
from luodi.rooms.directory.sheets.enterprises import Enterprises
from luodi.rooms.directory.sheets.people import People

MANIFEST = Manifest(
    label=_("组织和人员"),
    permissions={
        "people.view": READERS,
        "people.write": BRANCHES,
        "people.reveal": {"office"},
        "enterprises.write": {"office", "instructor"},
        "posts.write": {"office"},
    },
    places=[
        Place(
            *("directory:enterprises", pgettext("导航", "企业"), "enterprise"),
            *(Job.PEOPLE, ("cases.view",)),
        ),
        Place(
            *("directory:branches", pgettext("导航", "党组织"), "flag"),
            *(Job.PEOPLE, ("cases.view",)),
        ),
        Place("directory:people", _("人员"), "people", Job.PEOPLE, ("people.view",)),
        Place(
            *("directory:privacy", _("个人信息清单"), "shield"),
            *(Job.ADMINISTRATION, ("people.view",)),
        ),
    ],
    search=[
        Finder(_("企业"), find_enterprises, ("cases.view",), more="directory:enterprises"),
        Finder(_("党组织"), find_branches, ("cases.view",), more="directory:branches"),
        Finder(_("人员"), find_people, ("people.view",), more="directory:people"),
    ],
    headlines=("directory.members", "directory.branches", "directory.guided_enterprises"),
    belongings=BELONGINGS,
    histories=[
        History(
            "directory_person",
            [("directory_membership", "person_id"), ("directory_post", "person_id")],
            permission="people.view",
            page=lambda row: reverse("directory:person", args=[row.pk]),
        ),
        History(
            "directory_branch",
            [
                ("directory_standing", "branch_id"),
                ("directory_branchspan", "branch_id"),
                ("directory_ruleoverride", "branch_id"),
            ],
            page=lambda row: reverse("directory:branch", args=[row.pk]),
        ),
        History(
            "directory_enterprise",
            [("directory_lead", "enterprise_id")],
            page=lambda row: reverse("directory:enterprise", args=[row.pk]),
        ),
    ],
    personal=FIELDS,
    imports={"people": People, "enterprises": Enterprises},
)
