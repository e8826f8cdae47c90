"""Accounts and figures from the command line, as whoever sets up a city does it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from matchmaker.cli import cli
from matchmaker.db import open_engine, session_factory
from matchmaker.models import Account, Notice
from matchmaker.services import sign_in


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that was just made."""
    monkeypatch.setenv("MATCHMAKER_HOME", str(tmp_path))
    monkeypatch.setenv("MATCHMAKER_SECRET_KEY", "long-enough-for-a-test")
    run("db", "upgrade")
    return tmp_path


def run(*words: str, given: str = "") -> Result:
    """Run a command that must succeed."""
    done = CliRunner().invoke(cli, list(words), input=given, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_the_first_coordinator_chooses_a_password_and_can_sign_in(home: Path) -> None:
    words = ("admin", "create", "--email", "Ito@city.example.jp", "--name", "伊藤 直美")
    run(*words, "--role", "coordinator", "--role", "admin", "--set-password",
        given="kumo-no-ue-no-sakura\n" * 2)  # fmt: skip
    with session_factory(open_engine(f"sqlite:///{home / 'matchmaker.sqlite3'}"))() as session:
        account = sign_in.find_account(session, email="ito@city.example.jp")
        assert sign_in.check_password(account, "kumo-no-ue-no-sakura").name == "伊藤 直美"
    listed = run("admin", "list").output
    assert [line.split()[0] for line in listed.splitlines()] == ["admin", "coordinator"]


def test_without_a_password_a_link_is_mailed_once(home: Path) -> None:
    for _ in range(2):
        run("admin", "create", "--email", "city@example.jp", "--name", "早川", "--role", "city")
    with session_factory(open_engine(f"sqlite:///{home / 'matchmaker.sqlite3'}"))() as session:
        assert len(session.exec(select(Notice)).all()) == 1
        assert session.exec(select(Account)).one().password_hash == ""


def test_the_report_begins_with_what_the_plan_prints(home: Path) -> None:
    lines = run("report").output.splitlines()
    assert lines[0].split("\t") == ["fiscal_year", "gross", "distinct", "new", "provisional"]
    assert lines[1].split("\t")[:2] == ["2020", "24"]
    assert run("report", "--year", "2024").output.splitlines()[1].split("\t")[1] == "36"
    assert run("report", "--rows").output == ""


def test_the_default_secret_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MATCHMAKER_HOME", str(tmp_path))
    monkeypatch.delenv("MATCHMAKER_SECRET_KEY", raising=False)
    done = CliRunner().invoke(cli, ["db", "upgrade"])
    assert "secret_default" in str(done.exception)
    assert list(tmp_path.iterdir()) == []
