"""Enterprises, party organisations, people; what is dated is dated twice (see `dated`)."""

from luodi.rooms.directory.models.branches import (
    Branch,
    BranchSpan,
    BranchType,
    RuleOverride,
    Standing,
)
from luodi.rooms.directory.models.enterprises import Chain, Enterprise, Lead
from luodi.rooms.directory.models.people import (
    LEADING_GROUP,
    MEMBER_STAGES,
    Education,
    Membership,
    Person,
    Post,
    PostKind,
    Sex,
    Stage,
)

__all__ = [
    "LEADING_GROUP",
    "MEMBER_STAGES",
    "Branch",
    "BranchSpan",
    "BranchType",
    "Chain",
    "Education",
    "Enterprise",
    "Lead",
    "Membership",
    "Person",
    "Post",
    "PostKind",
    "RuleOverride",
    "Sex",
    "Stage",
    "Standing",
]
