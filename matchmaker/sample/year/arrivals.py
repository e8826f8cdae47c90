"""Who and what comes: accounts, people who sign up, needs that groups write, wishes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
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
from matchmaker.sample.needs import Need as Story
from matchmaker.sample.people import Names, Person
from matchmaker.sample.year.world import World, words
from matchmaker.services import checks, need_roles, need_wizard, needs, profiles, wishes
from matchmaker.services.accounts import actor_of
from matchmaker.services.need_drafts import missing_steps, roles_of
from matchmaker.services.need_entries import (
    Answers,
    AskedSkill,
    FormAndSize,
    RoleEntry,
    Schedule,
)
from matchmaker.services.need_entries import Story as Told
from matchmaker.services.readiness import QUESTIONS

_WITHOUT_MAIL = 0.15  # groups that telephone instead
_RETURNED, _WISHING = 0.1, 0.35
_MOST_WISHES = 3
_PATIENCE, _GIVING_UP, _RENEWING = timedelta(days=120), 0.4, 0.6


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


def write_need(world: World, story: Story) -> None:
    """A group writes a need from its menu and hands it in; a coordinator opens it days later."""
    rng = world.chance(f"need:{story.id}")

    def write(session: Session, now: datetime) -> str:
        voice = world.for_group(story.group.id)
        need = need_wizard.start(
            session, now=now, group_id=story.group.id, menu=story.story["menu"], language="ja",
            **voice,
        )  # fmt: skip
        _fill(session, world, need, story, now)
        needs.submit(session, now=now, need_id=need.id, version=need.version, **voice)
        return need.id

    need_id = world.do(write)
    if need_id is None:
        return
    checked = world.day + timedelta(days=rng.randint(1, 5))
    if rng.random() < _RETURNED:
        world.at(checked, lambda: _return(world, need_id))
        world.at(checked + timedelta(days=4), lambda: _hand_in_again(world, need_id))
        checked += timedelta(days=6)
    world.at(checked, lambda: _open(world, need_id))


def _fill(session: Session, world: World, need: Need, written: Story, now: datetime) -> None:
    voice, story = world.for_group(written.group.id), written.story
    given = {"now": now, "need_id": need.id, **voice}
    need_wizard.save_form(
        session, **given, command=FormAndSize(
            form=story["form"], weeks=story["weeks"],
            hours_per_week=max(role["hours_per_week"] for role in story["roles"]),
            version=need.version,
        ),
    )  # fmt: skip
    texts = written.texts()
    need_wizard.save_story(
        session, **given, command=Told(
            title=texts["title_ja"], summary=texts["summary_ja"],
            deliverable=texts["deliverable_ja"], gain=texts["gain_ja"],
            fields=written.group.pattern["fields"].split(";"), version=need.version,
        ),
    )  # fmt: skip
    for role in roles_of(session, need.id):
        need_roles.remove_role(session, **given, role_id=role.id, version=need.version)
    for role in story["roles"]:
        need_roles.save_role(
            session, **given, role_id=None, command=RoleEntry(
                title=role["title_ja"], seats=role["seats"], essential=role["essential"],
                hours_per_week=role["hours_per_week"],
                skills=[
                    AskedSkill(skill=asked["skill"], min_level=asked["min_level"],
                               essential=asked["essential"])
                    for asked in role["skills"]
                ],
                version=need.version,
            ),
        )  # fmt: skip
    urgent = story["urgency"] == "urgent"
    need_wizard.save_schedule(
        session, **given, command=Schedule(
            starts_on=world.day + timedelta(days=35),
            ends_on=world.day + timedelta(days=34 + 7 * story["weeks"]),
            slots=[slot for slot in story.get("slots", "").split(";") if slot],
            mode=story["mode"], district=story.get("district", written.group.district),
            urgency=story["urgency"],
            urgency_reason=words("urgent") if urgent else "",
            version=need.version,
        ),
    )  # fmt: skip
    answers = dict.fromkeys(QUESTIONS, True)
    need_wizard.save_readiness(session, **given, command=Answers(**answers, version=need.version))


def _return(world: World, need_id: str) -> None:
    def send_back(session: Session, now: datetime) -> None:
        need = session.get_one(Need, need_id)
        comment = checks.Comment(
            comment="できあがるものを、もう少し具体的にお書きください。", version=need.version
        )
        checks.return_need(
            session, actor=world.coordinator, now=now, need_id=need_id, command=comment
        )

    world.do(send_back)


def _hand_in_again(world: World, need_id: str) -> None:
    def submit(session: Session, now: datetime) -> None:
        need = session.get_one(Need, need_id)
        needs.submit(
            session, now=now, need_id=need_id, version=need.version,
            **world.for_group(need.group_id),
        )  # fmt: skip

    world.do(submit)


def _open(world: World, need_id: str) -> None:
    def check(session: Session, now: datetime) -> None:
        need = session.get_one(Need, need_id)
        checks.open_need(
            session, actor=world.coordinator, now=now, today=world.day, need_id=need_id,
            version=need.version,
        )  # fmt: skip

    world.do(check)


def stop_waiting(world: World) -> None:
    """Some groups whose need has been open for long find another way and withdraw it."""
    rng = world.chance(f"waiting:{world.day}")
    since = datetime.combine(world.day - _PATIENCE, time(0), UTC)
    waiting = world.look(
        lambda session: session.exec(
            select(Need)
            .where(Need.state == NeedState.OPEN, col(Need.opened_at) < since)
            .order_by(col(Need.id))
        ).all()
    )
    for need in waiting:
        if rng.random() < _GIVING_UP:
            _withdraw(world, need.id, need.group_id)


def _withdraw(world: World, need_id: str, group_id: str) -> None:
    def withdraw(session: Session, now: datetime) -> None:
        need = session.get_one(Need, need_id)
        needs.withdraw(
            session, now=now, need_id=need_id,
            command=needs.Reason(reason=words("withdrawn"), version=need.version),
            **world.for_group(group_id),
        )  # fmt: skip

    world.do(withdraw)


def renew_dates(world: World) -> None:
    """A week after a need's dates were over its group names new ones, and it is checked again."""
    over = world.day - timedelta(days=8)
    found = world.look(
        lambda session: session.exec(
            select(Need)
            .where(Need.state == NeedState.PAUSED, Need.ends_on == over)
            .order_by(col(Need.id))
        ).all()
    )
    for need in found:
        if world.chance(f"renew:{need.id}:{over}").random() < _RENEWING:
            _renew(world, need.id, need.group_id)


def _renew(world: World, need_id: str, group_id: str) -> None:
    def renew(session: Session, now: datetime) -> None:
        voice = world.for_group(group_id)
        need = session.get_one(Need, need_id)
        length = (need.ends_on or world.day) - (need.starts_on or world.day)
        needs.take_back(session, now=now, need_id=need_id, version=need.version, **voice)
        starts_on = world.day + timedelta(days=35)
        command = Schedule(
            starts_on=starts_on, ends_on=starts_on + length, slots=need.slots, mode=need.mode,
            district=need.district, languages=need.languages, urgency=need.urgency,
            urgency_reason=need.urgency_reason or words("urgent"), version=need.version,
        )  # fmt: skip
        need_wizard.save_schedule(session, now=now, need_id=need_id, command=command, **voice)
        if missing_steps(need, roles_of(session, need_id)):  # came by file, without the tests
            answers = Answers(**dict.fromkeys(QUESTIONS, True), version=need.version)
            need_wizard.save_readiness(session, now=now, need_id=need_id, command=answers, **voice)
        needs.submit(session, now=now, need_id=need_id, version=need.version, **voice)

    world.do(renew)
    world.at(world.day + timedelta(days=2), lambda: _open(world, need_id))


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


def spread(first: date, last: date, many: int, rng: Random) -> list[date]:
    """``many`` days between two, in order."""
    days = (last - first).days
    return sorted(first + timedelta(days=rng.randint(0, days)) for _ in range(many))
