"""Cases of the sample city's past: some of its finished projects, told in public."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, SQLModel

from matchmaker.models import Case, CasePicture, CaseRelease, CaseState, PeopleShown, Side
from matchmaker.sample.city import City, PastProject
from matchmaker.sample.pictures import draw
from matchmaker.sample.pools import stream
from matchmaker.services import pictures
from matchmaker.text import search_key

_GOAL = 4  # told where the goal was reached, as the group said
_WITHOUT_PICTURE = 4  # every fourth


def store_cases(session: Session, city: City) -> None:
    """Add the cases; their projects, groups and people are there already."""
    told = [project for project in city.past.projects if project.goal >= _GOAL]
    for place, project in enumerate(told, start=1):
        _store(session, city, project, picture=place % _WITHOUT_PICTURE != 0)


def _store(session: Session, city: City, past: PastProject, *, picture: bool) -> None:
    texts, case_id = past.texts, f"{past.id}-d"
    case = Case(
        id=case_id,
        project_id=past.id,
        state=CaseState.PUBLISHED,
        title=texts["title_ja"],
        problem=texts["summary_ja"],
        work=f"{texts['deliverable_ja']}を、団体の皆さんと一緒につくりました。",
        result=texts["outcome_ja"],
        group_words=past.comment,
        professional_words=past.members[0].comment,
        created_at=_moment(past.ended_on + timedelta(days=20)),
        asked_at=_moment(past.ended_on + timedelta(days=25)),
        published_at=_moment(past.ended_on + timedelta(days=40)),
    )
    told = (case.title, case.problem, case.work, case.result, case.group_words)
    case.search_text = search_key(*told, case.professional_words)
    _add(session, case)
    releases = [CaseRelease(case_id=case_id, side=Side.GROUP, edition=1, named=True,
                            given_at=_moment(past.ended_on + timedelta(days=30)))]  # fmt: skip
    releases += [
        CaseRelease(
            case_id=case_id, side=Side.PROFESSIONAL, member_id=f"{past.id}-b{number}", edition=1,
            named=number % 2 == 1, given_at=_moment(past.ended_on + timedelta(days=30 + number)),
        )
        for number, _member in enumerate(past.members, start=1)
    ]  # fmt: skip
    _add(session, *releases)
    if picture:
        _add(session, _picture(city, case_id))


def _picture(city: City, case_id: str) -> CasePicture:
    content, words = draw(stream(city.seed, f"case:{case_id}"))
    ready = pictures.prepare(content)
    return CasePicture(
        case_id=case_id,
        content=ready.content,
        digest=ready.digest,
        width=ready.width,
        height=ready.height,
        alt=words,
        people=PeopleShown.NONE,
    )


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(1), UTC)


def _add(session: Session, *rows: SQLModel) -> None:
    session.add_all(rows)
    session.flush()
