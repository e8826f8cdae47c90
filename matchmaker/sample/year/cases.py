"""Cases as they come about: a group writes one, everybody releases it, the office publishes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from matchmaker.models import Case, CaseState, PeopleShown, Side
from matchmaker.sample.pictures import draw
from matchmaker.sample.year.world import World
from matchmaker.services import case_pictures, case_releases, cases

_NAMED, _WITH_PICTURE = 0.7, 0.75


def tell(world: World, project_id: str, group_id: str) -> None:
    """The group goes through the draft, adds a picture and asks everybody; a week later the
    coordinator publishes what all have released."""
    rng = world.chance(f"case:{project_id}")
    case = world.do(partial(_begin, world, project_id, group_id))
    if case is None or not (case.problem and case.work and case.result):
        return
    given = {"side": Side.GROUP, "project_id": project_id, **world.for_group(group_id)}
    if rng.random() < _WITH_PICTURE:
        content, alt = draw(rng)
        note = {"version": case.version, "alt": alt, "people": PeopleShown.NONE}
        world.do(
            lambda session, now: case_pictures.set_picture(
                session, now=now, data=note, content=content, **given
            )
        )
    world.do(
        lambda session, now: cases.ask(
            session, now=now, version=session.get_one(Case, case.id).version, **given
        )
    )
    world.at(world.day + timedelta(days=3), partial(_release, world, project_id, group_id))
    world.at(world.day + timedelta(days=7), partial(_publish, world, project_id))


def _begin(world: World, project_id: str, group_id: str, session: Session, now: datetime) -> Case:
    return cases.begin(
        session, now=now, side=Side.GROUP, project_id=project_id, **world.for_group(group_id)
    )


def _release(world: World, project_id: str, group_id: str) -> None:
    rng = world.chance(f"released:{project_id}")

    def release(session: Session, now: datetime) -> None:
        case = cases.of_project(session, project_id)
        assert case is not None
        voices = [(Side.GROUP, world.for_group(group_id))]
        voices += [
            (Side.PROFESSIONAL, {"actor": world.people[person.id]})
            for _member, person in cases.staying(session, project_id)
        ]
        for side, voice in voices:
            named = side == Side.GROUP or rng.random() < _NAMED
            data = {"edition": case.edition, "named": named}
            case_releases.release(
                session, now=now, side=side, project_id=project_id, data=data, **voice
            )

    world.do(release)


def _publish(world: World, project_id: str) -> None:
    def publish(session: Session, now: datetime) -> None:
        case = cases.of_project(session, project_id)
        if case is not None and case.state == CaseState.ASKED:
            case_releases.publish(
                session, actor=world.coordinator, now=now, project_id=project_id,
                version=case.version,
            )  # fmt: skip

    world.do(publish)
