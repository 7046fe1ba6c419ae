"""People, the bodies they work for, the roles they hold and the keys they use."""

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import BaseUserManager, PermissionsMixin
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from record.guarded import GuardedModel, Recorded

# Some offices carry several duties in one title.
LONGEST_NAME = 300


class UserManager(BaseUserManager["User"]):
    """Makes users by their address; `createsuperuser` needs it."""

    def create_user(self, email: str, password: str | None = None, *, superuser: bool = False) -> "User":
        """Make a user with a confirmed address; the domain is lower-cased, a missing password is unusable."""
        user = self.model(email=canonical(email), confirmed_at=timezone.now())
        user.is_staff = user.is_superuser = superuser
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None) -> "User":
        """Make an operator, who may open the read-only admin windows."""
        return self.create_user(email, password, superuser=True)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by address, however it was typed."""
        return self.get(email=canonical(username or ""))


def canonical(email: str) -> str:
    """An address as it is stored: trimmed and in lower case."""
    return email.strip().lower()


class User(AbstractBaseUser, PermissionsMixin):
    """A person. About people: `email` (erased on request: replaced by a random mark), `last_login`, `password`."""

    email = models.EmailField(unique=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may open the admin windows", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    acts_in_office = True
    """Not a column: False where the person signed in by a mailed code alone (`accounts/backends.py`)."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email


class OrganisationKind(models.TextChoices):
    """What sort of body it is."""

    POLICE_FORCE = "police_force", "Police force"
    COUNCIL = "council", "Council"
    OVERSIGHT = "oversight", "Oversight body"
    OTHER = "other", "Other body"


class Organisation(Recorded):
    """A body that can be asked, answer and promise. Nothing in it is about a person."""

    record_kind = "organisation"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    area_code = models.CharField(max_length=9, blank=True)

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["slug"]

    @property
    def record_key(self) -> str:
        """Its slug."""
        return self.slug

    def __str__(self) -> str:
        return self.name


class Team(Recorded):
    """A part of an organisation that owns commitments; a post, never a person."""

    record_kind = "team"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="teams")
    area_code = models.CharField(max_length=9, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["slug"]

    @property
    def record_key(self) -> str:
        """Its slug."""
        return self.slug

    def __str__(self) -> str:
        return self.name


class Succession(GuardedModel):
    """That one team took over from another that ended; both stay readable. Nothing in it is about a person."""

    typed, part_of, words_of = ("reason",), ("earlier",), ("earlier",)

    earlier = models.ForeignKey(Team, models.PROTECT, related_name="later_links")
    later = models.ForeignKey(Team, models.PROTECT, related_name="earlier_links")
    reason = models.TextField()
    on = models.DateField()

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["earlier", "later"], name="a_succession_is_said_once"),
            models.CheckConstraint(condition=~Q(earlier=models.F("later")), name="no_team_succeeds_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} → {self.later_id}"


class Role(models.TextChoices):
    """For whom a person speaks."""

    CONVENOR = "convenor", "Convenor of an assembly"
    PANEL = "panel", "Panel member of an assembly"
    RESPONDER = "responder", "Responder of an organisation"
    TEAM_MEMBER = "team_member", "Member of a team"


INDEPENDENT_ROLES = (Role.CONVENOR, Role.PANEL)


class Membership(GuardedModel):
    """One role of one person, in an assembly (named by its slug) or an organisation; ended, never deleted.

    `last_day` is the day with which somebody leaves, said before. About people: that this person holds this role, and
    who ended it. It goes with the account's erasure, which ends it.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    assembly = models.CharField(max_length=80, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="memberships")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    last_day = models.DateField(null=True, blank=True)

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=INDEPENDENT_ROLES, organisation=None, team=None) & ~Q(assembly="")
                | Q(role=Role.RESPONDER, organisation__isnull=False, team=None, assembly="")
                | Q(role=Role.TEAM_MEMBER, organisation__isnull=False, team__isnull=False, assembly=""),
                name="a_role_names_its_body",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "assembly"],
                condition=Q(ended_at=None, organisation=None),
                name="an_independent_role_is_held_once",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_at=None, role=Role.RESPONDER),
                name="a_responder_role_is_held_once",
            ),
            models.UniqueConstraint(
                fields=["user", "team"],
                condition=Q(ended_at=None, role=Role.TEAM_MEMBER),
                name="a_team_role_is_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.assembly or self.team or self.organisation}"

    @property
    def office(self) -> str:
        """As entries name it: `convenor:anytown-2025`, `team:safer-schools`."""
        if self.team is not None:
            return f"team:{self.team.slug}"
        return (
            f"{self.role}:{self.assembly}"
            if self.organisation is None
            else f"organisation:{self.organisation.slug}"
        )


class RoleRequestState(models.TextChoices):
    """How far the grant of a role is."""

    PROPOSED = "proposed", "waits for a second person"
    APPROVED = "approved", "waits for the person to take it up"
    TAKEN_UP = "taken_up", "held"
    REFUSED = "refused", "refused"
    WITHDRAWN = "withdrawn", "taken back"


class RoleRequest(GuardedModel):
    """That an address is to hold a role in an office: one proposes it, another approves it, the person takes it up.

    About people: the address, which goes when the request is over, and with the account; who proposed and who decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(blank=True)
    office = models.CharField(max_length=100)
    state = models.CharField(
        max_length=9, choices=RoleRequestState.choices, default=RoleRequestState.PROPOSED
    )
    instead_of = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="handed_on"
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    membership = models.OneToOneField(
        Membership, models.PROTECT, null=True, blank=True, related_name="request"
    )

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["email", "office"],
                condition=Q(state__in=[RoleRequestState.PROPOSED, RoleRequestState.APPROVED]),
                name="a_role_is_proposed_once",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("proposed_by")) | Q(state=RoleRequestState.WITHDRAWN),
                name="two_people_grant_a_role",
            ),
            models.CheckConstraint(
                condition=Q(state=RoleRequestState.TAKEN_UP, membership__isnull=False)
                | ~Q(state=RoleRequestState.TAKEN_UP) & Q(membership=None),
                name="a_role_taken_up_is_held",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["office", "state"], name="role_requests_of_an_office")]

    def __str__(self) -> str:
        return f"{self.office}: {self.state}"


class Key(GuardedModel):
    """An API key: 256 random bits, kept only as their SHA-256, so a stolen table opens nothing.

    About people: it belongs to one, and says when it was last used. Revoked with the account's erasure.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="keys")
    name = models.CharField(max_length=100, blank=True)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    def allows(self, scope: str) -> bool:
        """Whether the key's scopes cover `scope`; `all` covers every one."""
        return "all" in self.scopes or scope in self.scopes

    def is_valid(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired, and its owner's account is open."""
        unexpired = self.expires_at is None or self.expires_at > now
        return self.revoked_at is None and unexpired and self.user.is_active


class SignInCode(models.Model):
    """A code that was mailed and not used yet, as a keyed hash. It says neither to whom nor for whom."""

    id = models.UUIDField(primary_key=True, editable=False)
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"until {self.expires_at}"


class Session(AbstractBaseSession):
    """A browser that is signed in, known by a digest of what the browser keeps.

    About people: `user`, and when it began. Gone at sign-out, when it is over, and with the account.
    """

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """What reads and writes it; only Django's own `get_decoded` asks."""
        engine: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return engine
