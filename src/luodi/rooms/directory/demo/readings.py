"""The page's statements on the zone's organisation, each with its figure."""

import datetime as dt

from luodi.rooms.directory.demo.asking import Asked
from luodi.rooms.directory.demo.people import CHANGED_ON

BEFORE_ON = CHANGED_ON - dt.timedelta(days=1)
READINGS = {
    "zone.founded": Asked("directory.founded"),
    "org.general_branches": Asked("directory.general_branches"),
    "org.branches": Asked("directory.branches"),
    "members.total": Asked("directory.members"),
    "committee.part_time": Asked("directory.part_time_members"),
    "committee.mean_age.before": Asked("directory.leading_group_mean_age", BEFORE_ON),
    "committee.mean_age.after": Asked("directory.leading_group_mean_age"),
    "committee.min_age.before": Asked("directory.leading_group_youngest", BEFORE_ON),
    "committee.min_age.after": Asked("directory.leading_group_youngest"),
    "org.temporary_or_joint_guided": Asked("directory.guided_enterprises"),
    "org.districts": Asked("directory.districts"),
    "org.instructors_per_district": Asked("directory.instructors_per_district"),
    "org.levels": Asked("directory.levels"),
}
