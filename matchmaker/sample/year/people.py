"""People: who has an account, who signs up, who goes on, and what they wish for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlmodel import Session, col, func, select

from matchmaker.models import (
    Account,
    Group,
    GroupMember,
    MemberRole,
    Need,
    NeedState,
    Professional,
    ProfessionalSkill,
    ProfileState,
    Role,
    RoleSkill,
    Wish,
)
from matchmaker.sample.accounts import add_account
from matchmaker.sample.people import Names, Person
from matchmaker.sample.year.world import World
from matchmaker.services import checks, profiles, wishes
from matchmaker.services.accounts import actor_of

_WITHOUT_MAIL = 0.15  # groups that telephone instead
_WISHING, _MOST_WISHES = 0.35, 3


def give_accounts(world: World) -> None:
    """Everybody in the books gets an account, except for groups that rather telephone."""
    rng = world.chance("accounts")
    names = Names(rng)

    def add(session: Session, now: datetime) -> None:
        for person in _checked(session):
            account = add_account(session, person.email, person.name, person.kana, now)
            person.account_id = account.id
            session.flush()
            world.people[person.id] = actor_of(session, account_id=account.id)
        for group in session.exec(select(Group).order_by(col(Group.id))):
            if rng.random() < _WITHOUT_MAIL:
                group.contact_email = ""
                continue
            account = add_account(session, group.contact_email, *names.japanese(), now)
            session.add(
                GroupMember(
                    group_id=group.id,
                    account_id=account.id,
                    role=MemberRole.CONTACT,
                    joined_at=now,
                )
            )
            group.contact_name = account.name
            session.flush()
            world.groups[group.id] = actor_of(session, account_id=account.id)

    world.do(add)


def _checked(session: Session) -> Sequence[Professional]:
    return session.exec(
        select(Professional)
        .where(Professional.state == ProfileState.VERIFIED)
        .order_by(col(Professional.id))
    ).all()


def sign_up(world: World, person: Person) -> None:
    """Somebody opens an account, writes their profile, and is checked two days later."""
    taken = world.look(
        lambda session: session.exec(
            select(func.count()).select_from(Account).where(Account.name == person.name)
        ).one()
    )
    if taken:
        return

    def write(session: Session, now: datetime) -> str:
        account = add_account(session, f"{person.id}@people.example.jp", person.name,
                              person.kana, now)  # fmt: skip
        actor = actor_of(session, account_id=account.id)
        row = profiles.save_who(
            session, actor=actor, now=now, command=profiles.Who(
                name=person.name, kana=person.kana, relation=person.columns["relation"],
                district=person.columns["district"],
                company_id=person.company.id if person.company else None,
            ),
        )  # fmt: skip
        actor = actor_of(session, account_id=account.id)
        profiles.save_skills(
            session, actor=actor, now=now, professional_id=row.id,
            command=profiles.Skills(levels=person.skills, version=row.version),
        )  # fmt: skip
        profiles.save_when(
            session, actor=actor, now=now, professional_id=row.id,
            command=_when(person, row.version),
        )  # fmt: skip
        profiles.save_interests(
            session, actor=actor, now=now, professional_id=row.id,
            command=profiles.Interests(
                fields=person.columns["fields"].split(";"),
                any_project=person.columns["any_project"] == "yes",
                languages=person.columns["languages"].split(";"),
                about=person.motive["about_ja"],
                version=row.version,
            ),
        )  # fmt: skip
        profiles.submit(session, actor=actor, now=now, professional_id=row.id, version=row.version)
        world.people[row.id] = actor
        return row.id

    person_id = world.do(write)
    if person_id:
        world.at(world.day + timedelta(days=2), lambda: _verify(world, person_id))


def _when(person: Person, version: int) -> profiles.When:
    columns = person.columns
    return profiles.When(
        hours_per_week=float(columns["hours_per_week"]),
        slots=[slot for slot in columns["slots"].split(";") if slot],
        modes=columns["modes"].split(";"),
        reach_km=float(columns["reach_km"]) if columns["reach_km"] else None,
        capacity=int(columns["capacity"]),
        version=version,
    )


def _verify(world: World, person_id: str) -> None:
    def check(session: Session, now: datetime) -> None:
        row = session.get_one(Professional, person_id)
        checks.verify_professional(
            session, actor=world.coordinator, now=now, today=world.day,
            professional_id=person_id, version=row.version,
        )  # fmt: skip

    world.do(check)


def stay_longer(world: World) -> None:
    """Most people whose time is running out say that they go on."""
    rng = world.chance(f"longer:{world.day}")

    def renew(session: Session, now: datetime) -> None:
        for person in _checked(session):
            until = person.available_until
            if until is None or until > world.day or rng.random() > 0.8:
                continue
            command = profiles.When(
                hours_per_week=person.hours_per_week,
                slots=person.slots,
                modes=[mode for mode in ("remote", "onsite") if getattr(person, mode)],
                reach_km=person.reach_km,
                capacity=person.capacity,
                version=person.version,
            )
            profiles.save_when(
                session, actor=world.people[person.id], now=now, command=command,
                professional_id=person.id,
            )  # fmt: skip

    world.do(renew)


def wish(world: World) -> None:
    """Before a round some people look through the open needs and wish for what suits them."""
    rng = world.chance(f"wishes:{world.day}")
    suited = world.look(_suited)
    for person_id in sorted(suited):
        if person_id in world.people and rng.random() < _WISHING:
            _wish(world, rng, person_id, suited[person_id])


def _wish(world: World, rng: Random, person_id: str, suited: list[str]) -> None:
    chosen = rng.sample(suited, min(len(suited), rng.choice((1, 1, 2))))

    def put(session: Session, now: datetime) -> None:
        held = session.exec(select(func.count()).where(Wish.professional_id == person_id)).one()
        for need_id in chosen[: max(0, _MOST_WISHES - held)]:
            wishes.wish(session, actor=world.people[person_id], now=now, need_id=need_id)

    world.do(put)


def _suited(session: Session) -> dict[str, list[str]]:
    """Person → open needs that ask for something essential they can do."""
    rows = session.exec(
        select(ProfessionalSkill.professional_id, Role.need_id)
        .join(Professional, col(Professional.id) == ProfessionalSkill.professional_id)
        .join(RoleSkill, col(RoleSkill.skill) == ProfessionalSkill.skill)
        .join(Role, col(Role.id) == RoleSkill.role_id)
        .join(Need, col(Need.id) == Role.need_id)
        .where(
            Need.state == NeedState.OPEN,
            Professional.state == ProfileState.VERIFIED,
            col(RoleSkill.essential),
            col(ProfessionalSkill.level) >= RoleSkill.min_level,
        )
        .distinct()
        .order_by(col(ProfessionalSkill.professional_id), col(Role.need_id))
    )
    found: dict[str, list[str]] = {}
    for person, need in rows:
        found.setdefault(person, []).append(need)
    return found
