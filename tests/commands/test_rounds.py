"""``round`` and ``work`` on the command line."""

from __future__ import annotations

from datetime import datetime

import pytest
from click.testing import CliRunner
from sqlmodel import Session, select

from matchmaker import cli
from matchmaker.commands.rounds import round_group
from matchmaker.commands.work import work_command
from matchmaker.errors import Refusal
from matchmaker.models import Proposal, ProposalState, Round, RoundState
from matchmaker.services import approvals
from tests.scenes import City, city, start_round


@pytest.fixture
def town(session: Session) -> City:
    town = city(session)
    session.commit()
    return town


@pytest.fixture
def matchmaker(database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("MATCHMAKER_ENVIRONMENT", "test")
    return CliRunner()


def test_run_says_what_came_of_it(matchmaker: CliRunner, session: Session, town: City) -> None:
    done = matchmaker.invoke(round_group, ["run", "秋の回"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "2 of 2 needs have a team" in done.output
    assert "proven best at every level" in done.output
    row = session.exec(select(Round)).one()
    assert row.state == RoundState.READY
    session.commit()
    listed = matchmaker.invoke(round_group, ["list"], catch_exceptions=False)
    assert row.id in listed.output


def test_run_without_an_open_need_is_refused(matchmaker: CliRunner, session: Session) -> None:
    session.commit()
    done = matchmaker.invoke(round_group, ["run", "秋の回"])
    assert isinstance(done.exception, Refusal)
    assert session.exec(select(Round)).all() == []


def test_send_and_close(matchmaker: CliRunner, session: Session, town: City, now: datetime) -> None:
    matchmaker.invoke(round_group, ["run", "秋の回"], catch_exceptions=False)
    round_id = session.exec(select(Round.id)).one()
    approvals.approve_all(session, actor=town.actor, now=now, round_id=round_id)
    session.commit()
    done = matchmaker.invoke(round_group, ["send", round_id, "--yes"], catch_exceptions=False)
    assert "sent" in done.output
    session.expire_all()
    states = {each.state for each in session.exec(select(Proposal))}
    assert states == {ProposalState.OFFERED}
    session.commit()
    waiting = matchmaker.invoke(round_group, ["close", round_id])
    assert isinstance(waiting.exception, Refusal)
    assert waiting.exception.code == "replies_waiting"


def test_work_once_does_what_is_due(
    matchmaker: CliRunner, session: Session, town: City, now: datetime
) -> None:
    row = start_round(session, town.actor, now)
    done = matchmaker.invoke(work_command, ["--once"], catch_exceptions=False)
    assert done.exit_code == 0
    session.expire_all()
    assert session.get_one(Round, row.id).state == RoundState.READY


def test_the_commands_are_found() -> None:
    listed = CliRunner().invoke(cli.cli, ["round", "--help"])
    assert "run" in listed.output
    assert "close" in listed.output
