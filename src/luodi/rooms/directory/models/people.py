"""People, sparingly; their memberships and posts, dated."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Account, Scoped, Unit
from luodi.ground.tables.api import ByUnit, Watch
from luodi.lib.codes import mask_identity, mask_phone
from luodi.rooms.directory import ciphers
from luodi.rooms.directory.models.branches import Branch
from luodi.rooms.directory.models.dated import (
    Dated,
    DatedQuerySet,
    never_twice,
    numbers,
    words,
)


class Sex(models.TextChoices):
    MALE = "male", _("男")
    FEMALE = "female", _("女")


class Education(models.TextChoices):
    SECONDARY = "secondary", _("高中及以下")
    COLLEGE = "college", _("大专")
    BACHELOR = "bachelor", _("本科")
    MASTER = "master", _("硕士研究生")
    DOCTOR = "doctor", _("博士研究生")


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


class Person(Scoped):
    """A person whose record the unit keeps. What each field is for stands in `privacy.py`.

    Identity number and telephone are encrypted; `identity_hash` is keyed and only finds them.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="people", verbose_name=_("所在单位")
    )
    name = models.CharField(_("姓名"), max_length=60)
    sort_key = models.CharField(max_length=200, default="", editable=False)
    spelling = models.CharField(
        _("姓名拼音"), max_length=200, default="", editable=False
    )  # zhangsan zs
    sex = models.CharField(_("性别"), max_length=8, choices=Sex.choices, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    education = models.CharField(_("学历"), max_length=12, choices=Education.choices, blank=True)
    identity_cipher = models.TextField(_("身份证号"), blank=True, editable=False)
    identity_hash = models.CharField(
        _("身份证号的查找值"), max_length=64, null=True, unique=True, editable=False
    )
    phone_cipher = models.TextField(_("手机号"), blank=True, editable=False)
    account = models.OneToOneField(
        Account,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("账号"),
    )
    erased_at = models.DateTimeField(_("清除时间"), null=True, editable=False)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    watch = Watch(hidden=PERSONAL)

    class Meta:
        verbose_name = _("人员")
        ordering = ["sort_key", "id"]
        indexes = [models.Index(fields=["sort_key", "id"], name="person_sort")]

    def __str__(self) -> str:
        return self.name

    @property
    def identity_masked(self) -> str:
        return mask_identity(ciphers.opened(self.identity_cipher))

    @property
    def phone_masked(self) -> str:
        return mask_phone(ciphers.opened(self.phone_cipher))


class Stage(models.TextChoices):
    """The five stages of 中国共产党发展党员工作细则 (2014), as states of a person."""

    APPLICANT = "applicant", _("入党申请人")
    ACTIVIST = "activist", _("入党积极分子")
    CANDIDATE = "candidate", _("发展对象")
    PROBATIONARY = "probationary", _("预备党员")
    FORMAL = "formal", _("正式党员")


MEMBER_STAGES = (Stage.PROBATIONARY, Stage.FORMAL)


class Membership(Scoped, Dated):
    """That a person belongs to a party organisation, at a stage; to one at a time."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="memberships", verbose_name=_("人员")
    )
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="memberships", verbose_name=_("党组织")
    )
    stage = models.CharField(_("阶段"), max_length=16, choices=Stage.choices)

    objects: DatedQuerySet[Membership] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    guard = ByUnit(via="branch")
    watch = Watch()

    class Meta:
        verbose_name = _("党员与培养")
        constraints = never_twice("membership", numbers("person_id"))

    def __str__(self) -> str:
        return f"{self.branch} {self.get_stage_display()}"


class PostKind(models.TextChoices):
    SECRETARY = "secretary", _("党工委书记")
    DEPUTY = "deputy", _("党工委副书记")
    MEMBER = "member", _("党工委委员")
    PART_TIME_MEMBER = "part_time_member", _("党工委兼职委员")
    INSTRUCTOR = "instructor", _("党建指导员")
    BRANCH_SECRETARY = "branch_secretary", _("党组织书记")
    BRANCH_DEPUTY = "branch_deputy", _("党组织副书记")
    BRANCH_MEMBER = "branch_member", _("党组织委员")
    MANAGER = "manager", _("企业经营管理人员")
    BACKBONE = "backbone", _("生产一线技术骨干")
    LIAISON = "liaison", _("企业联络员")
    OTHER = "other", _("其他职务")


LEADING_GROUP = (PostKind.SECRETARY, PostKind.DEPUTY, PostKind.MEMBER)


class Post(Scoped, Dated):
    """That a person holds a post at a unit. A person may hold several, at several units."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    kind = models.CharField(_("职务类别"), max_length=20, choices=PostKind.choices)
    title = models.CharField(_("职务名称"), max_length=60, blank=True)

    objects: DatedQuerySet[Post] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    watch = Watch()

    class Meta:
        verbose_name = _("任职")
        constraints = never_twice("post", numbers("person_id"), numbers("unit_id"), words("kind"))

    def __str__(self) -> str:
        return f"{self.unit} {self.title or self.get_kind_display()}"

    @property
    def rank(self) -> tuple[int, str]:
        """In which order posts are listed: by kind, then by the person's name."""
        return list(PostKind).index(PostKind(self.kind)), self.person.sort_key
