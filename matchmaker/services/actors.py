"""Who acts: one account with everything it may speak for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker.errors import Forbidden, NotFound
from matchmaker.models import StaffRole


@dataclass(frozen=True)
class Actor:
    """The account behind a request (``account_id`` None: the system itself, or a visitor)."""

    account_id: str | None = None
    name: str = ""
    language: str = "ja"
    staff: frozenset[str] = frozenset()
    professional_id: str | None = None
    group_ids: frozenset[str] = frozenset()
    company_ids: frozenset[str] = frozenset()
    session_id: str | None = None
    seen_at: datetime | None = None  # when the session was last noted as used

    @property
    def coordinator(self) -> bool:
        """Whether the account works as a coordinator."""
        return StaffRole.COORDINATOR in self.staff

    @property
    def city(self) -> bool:
        """Whether the account reads the city's figures."""
        return StaffRole.CITY in self.staff

    @property
    def admin(self) -> bool:
        """Whether the account administers the installation."""
        return StaffRole.ADMIN in self.staff


VISITOR = Actor()
SYSTEM = Actor(name="system", staff=frozenset({StaffRole.COORDINATOR, StaffRole.ADMIN}))


def require_coordinator(actor: Actor) -> None:
    """Refuse (``coordinators_only``) whoever is not a coordinator."""
    if not actor.coordinator:
        raise Forbidden("coordinators_only")


def require_group(actor: Actor, group_id: str) -> None:
    """Refuse whoever neither acts for the group nor coordinates, without saying it exists."""
    if group_id not in actor.group_ids and not actor.coordinator:
        raise NotFound("group_not_found")


def require_professional(actor: Actor, professional_id: str) -> None:
    """Refuse whoever is neither this professional nor a coordinator, without saying it exists."""
    if actor.professional_id != professional_id and not actor.coordinator:
        raise NotFound("professional_not_found")


def require_company(actor: Actor, company_id: str) -> None:
    """Refuse whoever does not report for the company, without saying it exists."""
    if company_id not in actor.company_ids:
        raise NotFound("company_not_found")
