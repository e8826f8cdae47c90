"""A round's receipt, taken away: the real commands verify it and work it out again."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlmodel import Session

from matchmaker.cli import cli
from matchmaker.engine import Policy
from matchmaker.errors import Conflict, Forbidden
from matchmaker.models import ProfileState, Wish
from matchmaker.services import (
    approvals,
    marks,
    receipts,
    rounds,
    scenario_keeping,
    scenario_steps,
    scenarios,
)
from matchmaker.services.actors import VISITOR
from tests import factories as f
from tests.conftest import both_databases
from tests.pages import Pages
from tests.scenes import TODAY, City, city, computed_round, person, recompute, seats, work_off


def command(place: Path, name: str) -> Result:
    return CliRunner().invoke(cli, [name, str(place / "result"), "--market", str(place / "market")])


def unpacked(content: bytes, place: Path) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(place)
    found: dict[str, Any] = json.loads((place / "decisions.json").read_text(encoding="utf-8"))
    return found


def eventful(session: Session, now: datetime) -> tuple[City, Any]:
    """A round with one seat fixed by hand, one rejected, a person who may not be matched and one
    who said "not this one"."""
    town = city(session)
    person(session, "未確認 太郎", leaflets=4, state=ProfileState.SUBMITTED)
    f.add(session, Wish(professional_id=town.sato.id, need_id=town.accounts.id, rank=0))
    row = computed_round(session, town.actor, now)
    pin = {"professional_id": town.sato.id, "role_id": town.designer.id, "kind": "pin"}
    marks.mark(
        session, actor=town.actor, now=now, round_id=row.id, data={**pin, "reason": "顔なじみ"}
    )
    row = recompute(session, town.actor, now, row)
    one = seats(session, row)[town.mizuno.id, town.lead.id]
    reason = {"version": one.version, "reason": "relation", "note": "親せきです"}
    approvals.reject(session, actor=town.actor, now=now, proposal_id=one.id, data=reason)
    session.commit()
    return town, row


@both_databases
def test_the_commands_verify_and_repeat_a_receipt(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    town, row = eventful(session, now)
    unpacked(receipts.archive(session, actor=town.actor, round_id=row.id), tmp_path)
    for name, told in (("verify", "verified: 3 proposals"), ("replay", "replayed: the same bytes")):
        result = command(tmp_path, name)
        assert (result.exit_code, result.stderr) == (0, "")
        assert told in result.stdout
    receipt = json.loads((tmp_path / "result" / "receipt.json").read_text(encoding="utf-8"))
    assert receipt["levels"].items() >= row.levels.items()
    assert (receipt["seed"], receipt["as_of"]) == (row.seed, TODAY.isoformat())


def test_a_changed_receipt_is_found_out(session: Session, now: datetime, tmp_path: Path) -> None:
    town, row = eventful(session, now)
    unpacked(receipts.archive(session, actor=town.actor, round_id=row.id), tmp_path)
    proposals = tmp_path / "result" / "proposals.csv"
    lines = proposals.read_text(encoding="utf-8").splitlines(keepends=True)
    proposals.write_text("".join(lines[:-1]), encoding="utf-8")
    assert command(tmp_path, "verify").exit_code == 1
    assert command(tmp_path, "replay").exit_code == 1


def test_what_people_decided_is_told_apart_with_its_reason(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    town, row = eventful(session, now)
    told = unpacked(receipts.archive(session, actor=town.actor, round_id=row.id), tmp_path)
    assert told["same_as_published"]
    assert told["inputs_hash"] == row.inputs_hash
    by_pair = {(each["professional_id"], each["role_id"]): each for each in told["seats"]}
    fixed = by_pair[town.sato.id, town.designer.id]
    rejected = by_pair[town.mizuno.id, town.lead.id]
    assert (fixed["origin"], rejected["origin"]) == ("fixed_by_people", "computed")
    assert (fixed["fixed_by"], rejected["fixed_by"]) == ("mark", None)
    assert rejected["state"] == "rejected"
    assert [each["note"] for each in rejected["decisions"]] == ["親せきです"]
    assert [each["reason"] for each in told["marks"]] == ["顔なじみ"]
    assert receipts.origins(session, row) == receipts.Origins(computed=1, fixed=1, set_aside=1)


def test_a_kept_trial_stands_in_the_receipt_with_its_reason_and_what_it_changed(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    town = city(session)
    row = computed_round(session, town.actor, now)
    trial = scenarios.begin(
        session, actor=town.actor, now=now, round_id=row.id, data={"name": "加藤さん抜き"}
    )
    trial = scenario_steps.leave_out_person(
        session, actor=town.actor, scenario_id=trial.id, version=1, data={"id": town.kato.id}
    )
    terms = {**scenario_steps.terms_entries(row, ()), "floor": "2000"}
    trial = scenario_steps.other_terms(
        session, actor=town.actor, scenario_id=trial.id, version=2, data=terms
    )
    kept = {"reason": "出張が続くため", "version": 3}
    scenario_keeping.keep(session, actor=town.actor, now=now, scenario_id=trial.id, data=kept)
    session.commit()
    work_off(session.get_bind(), now)  # type: ignore[arg-type]
    session.expire_all()
    told = unpacked(receipts.archive(session, actor=town.actor, round_id=row.id), tmp_path)
    assert told["left_out"] == [town.kato.id]
    assert [(each["name"], each["reason"]) for each in told["trials_kept"]] == [
        ("加藤さん抜き", "出張が続くため")
    ]
    kinds = [each["kind"] for each in told["trials_kept"][0]["steps"]]
    assert kinds == ["without_person", "terms"]
    assert told["rules_changed"] == {"floor": {"published": Policy().floor, "this_round": 2000}}
    for name in ("verify", "replay"):
        assert command(tmp_path, name).exit_code == 0


def test_no_name_is_in_a_receipt(session: Session, now: datetime, tmp_path: Path) -> None:
    town, row = eventful(session, now)
    place = tmp_path / "receipt"
    unpacked(receipts.archive(session, actor=town.actor, round_id=row.id), place)
    files = [each for each in place.rglob("*") if each.is_file()]
    text = "".join(each.read_bytes().decode("utf-8", "replace") for each in files)
    assert town.mizuno.id in text
    for name in ("水野", "佐藤", "未確認", "ひだまり食堂の会", "伊藤"):
        assert name not in text


def test_the_same_round_gives_the_same_bytes(session: Session, now: datetime) -> None:
    town, row = eventful(session, now)
    first = receipts.archive(session, actor=town.actor, round_id=row.id)
    assert first == receipts.archive(session, actor=town.actor, round_id=row.id)


def test_only_a_coordinator_and_only_a_computed_round(session: Session, now: datetime) -> None:
    town = city(session)
    draft = rounds.create(session, actor=town.actor, now=now, today=TODAY, data={"name": "下書き"})
    with pytest.raises(Conflict, match="round_not_computed"):
        receipts.archive(session, actor=town.actor, round_id=draft.id)
    with pytest.raises(Forbidden):
        receipts.archive(session, actor=VISITOR, round_id=draft.id)


def test_the_receipt_is_found_on_the_record_of_the_round(
    app: Flask, session: Session, now: datetime, tmp_path: Path
) -> None:
    town, row = eventful(session, now)
    pages = Pages(f.signed_in(app, session, town.coordinator))
    page = pages.get(f"/coordinator/rounds/{row.id}/record?lang=en")
    assert "Seats that people fixed before the computation" in page.text("main")
    answer = pages.client.get(f"/coordinator/rounds/{row.id}/receipt.zip")
    assert answer.status_code == 200
    unpacked(answer.data, tmp_path)
    assert command(tmp_path, "verify").exit_code == 0
    assert "matchmaker replay" in (tmp_path / "README.txt").read_text(encoding="utf-8")
