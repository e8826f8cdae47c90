"""Predicted fit against later ratings: nothing is said of few cases, intervals are shown."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlmodel import Session

from matchmaker.errors import Forbidden
from matchmaker.models import Outcome, Project, ProjectMember, Side
from matchmaker.services.calibration import Share, calibration
from tests import factories as f
from tests.factories import NOW
from tests.pages import Pages
from tests.services.sent import TODAY

BANDS = (8000, 6000, 4000, 0)


def rated(session: Session, *teams: tuple[tuple[int, ...], tuple[int, ...], int]) -> None:
    """Projects: the members' scores, the members' ratings of the goal, and the group's."""
    for scores, ratings, said in teams:
        group = f.group(session)
        need = f.need(session, group)
        row = f.round_(session, need)
        project = f.add(
            session,
            Project(need_id=need.id, group_id=group.id, title="x", agreed_on=TODAY, created_at=NOW),
        )
        f.add(
            session,
            Outcome(project_id=project.id, side=Side.GROUP, goal=said, relation=said, at=NOW),
        )
        for score, rating in zip(scores, ratings, strict=True):
            person = f.professional(session)
            seat = f.proposal(session, row, f.role(session, need), person, score=score)
            member = f.add(
                session,
                ProjectMember(project_id=project.id, professional_id=person.id, joined_on=TODAY,
                              proposal_id=seat.id),
            )  # fmt: skip
            f.add(
                session,
                Outcome(project_id=project.id, side=Side.PROFESSIONAL, member_id=member.id,
                        goal=rating, at=NOW),
            )  # fmt: skip
    session.commit()


def test_each_rating_counts_in_the_band_of_its_prediction(session: Session) -> None:
    rated(
        session,
        ((9000, 8000, 7999), (5, 4, 3), 5),
        ((8500, 8200), (1, 4), 2),
        ((8100,), (5,), 4),
        ((3000,), (5,), 4),
    )
    found = calibration(session, actor=f.actor(session, f.staff(session)), bands=BANDS)
    shares = {band.lowest: band.shares for band in found.bands}
    mine, group = (("professional", "goal"), ("group", "goal"))
    assert shares[8000][mine] == Share(5, 4)
    assert shares[6000][mine] == Share(1, 0)
    assert shares[0][mine] == Share(1, 1)
    assert shares[8000][group] == Share(3, 2)  # the means are 8333, 8350 and 8100
    assert shares[8000]["professional", "relation"] == Share(0, 0)  # nobody rated it
    assert (found.professionals, found.projects) == (7, 4)
    assert shares[8000][mine].share == 0.8
    assert shares[8000][group].share is None
    assert shares[8000][group].interval is None


@pytest.mark.parametrize(("cases", "good"), [(5, 5), (5, 0), (12, 9), (60, 30), (400, 390)])
def test_the_interval_is_wilsons(cases: int, good: int) -> None:
    """A bound is the share at which what was seen lies 1.96 standard deviations away."""
    found = Share(cases, good).interval
    assert found
    for bound in found:
        if 1e-9 < bound < 1 - 1e-9:
            deviation = (bound * (1 - bound) / cases) ** 0.5
            assert abs(good / cases - bound) == pytest.approx(1.959964 * deviation, rel=1e-6)
    low, high = found
    assert low - 1e-9 <= good / cases <= high + 1e-9


def test_the_page_says_nothing_of_few_cases_and_names_nobody(app: Flask, session: Session) -> None:
    desk = f.staff(session)
    rated(session, ((8200, 8300, 8400, 8500), (5, 5, 4, 3), 5))
    pages = Pages(f.signed_in(app, session, desk))
    page = pages.get("/coordinator/calibration?lang=en")
    assert "There are too few ratings yet." in page.text("main")
    assert "%" not in page.text("table")
    rated(session, ((9100,), (5,), 5))
    page = pages.get("/coordinator/calibration?lang=en")
    assert "80% (38%–96%)" in page.text("table")
    assert "too few (2)" in page.text("table")
    picture = next(each for each in page.all("img") if "chart" in each.get("class", ""))
    assert "80% of 5 (38% to 96%)" in picture.get("alt", "")
    person = Pages(f.signed_in(app, session, f.account(session)))
    assert person.client.get("/coordinator/calibration").status_code == 403
    with pytest.raises(Forbidden):
        calibration(session, actor=f.actor(session, f.account(session)), bands=BANDS)
