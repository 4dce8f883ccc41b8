"""Ledgers that an administrator defines: what registers bring."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.manifest import ENTERPRISES, Finder, History, Indexed, Job, Manifest, Part, Place
from luodi.rooms.registers import trail
from luodi.rooms.registers.belongings import BELONGINGS
from luodi.rooms.registers.finders import find_entries, find_registers
from luodi.rooms.registers.parts import entries_about, entries_of, moments_of
from luodi.rooms.registers.privacy import FIELDS
from luodi.rooms.registers.sheets import KIND, Entries
from luodi.rooms.registers.verbs.recording import rebuild

MANIFEST = Manifest(
    label=_("台账"),
    prefix="registers/",
    permissions={
        "registers.view": ENTERPRISES | {"part_time_member", "department_officer"},
        "registers.write": ENTERPRISES,
        "registers.define": {"office", "county_officer"},
    },
    places=[
        Place("registers:registers", _("台账"), "ledger", Job.NUMBERS, ("registers.view",)),
    ],
    unit_page=[Part("registers/part.html", entries_of, rank=40)],
    person_page=[Part("registers/part.html", entries_about, rank=40)],
    timeline=moments_of,
    indexed=[Indexed("registers.Entry", rebuild)],
    search=[
        Finder(_("台账"), find_registers, ("registers.view",)),
        Finder(_("台账条目"), find_entries, ("registers.view",)),
    ],
    belongings=BELONGINGS,
    histories=[
        History(
            "registers_entry",
            [("registers_entry", "origin_id"), ("registers_reference", "entry__origin_id")],
            permission=trail.may_read,
            page=lambda row: reverse("registers:entry", args=[row.pk]),
        ),
        History(
            "registers_register",
            [("registers_column", "register_id"), ("registers_registerfigure", "register_id")],
            permission="registers.view",
            page=lambda row: reverse("registers:definition", args=[row.pk]),
        ),
        History(
            "registers_round",
            [("registers_candidacy", "round_id")],
            permission="registers.view",
            page=lambda row: reverse("registers:round", args=[row.pk]),
        ),
    ],
    personal=FIELDS,
    imports={KIND: Entries},
    ready=trail.declare,
)
