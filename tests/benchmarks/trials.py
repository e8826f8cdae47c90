"""``python -m tests.benchmarks.trials``: how long the page of a trial takes, kind by kind.

A city of 300 people and about 100 seats; a fresh trial for every measurement, straight through the
application. Told is the server's processor time for the step (POST) and for the page with its
answer (GET, worked out for the first time), and how many queries and kilobytes that page has.
"""

from __future__ import annotations

import argparse
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from urllib.parse import quote

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from matchmaker.db import session_factory
from matchmaker.jobs import run_next
from matchmaker.models import Professional, Proposal, Role, Round
from matchmaker.services import rounds, scenario_steps
from matchmaker.services.computing import compute_round
from matchmaker.settings import read_settings
from tests.benchmarks import databases
from tests.benchmarks.pages import browsers, counting
from web import create_app

PEOPLE, NEEDS, GROUPS = 300, 42, 60
Entries = dict[str, str]


def main() -> None:
    """Measure and say it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.trials", description=__doc__)
    parser.add_argument("--each", type=int, default=5, help="trials of every kind (5)")
    given = parser.parse_args()
    with TemporaryDirectory(prefix="trials") as folder:
        for line in measure(Path(folder), given.each):
            print(line, flush=True)


def measure(folder: Path, each: int) -> Iterator[str]:
    """A line about the city, and one for every kind of step."""
    path = folder / "city.sqlite3"
    engine = databases.build(path, professionals=PEOPLE, needs=NEEDS, groups=GROUPS)
    round_id = databases.press_button(engine)
    run_next(session_factory(engine), {rounds.COMPUTE: compute_round})
    steps = _steps(engine, round_id, each)
    yield f"{PEOPLE} people, {_seats(engine)} seats, {each} trials of each kind"
    settings = read_settings(
        {}, home=folder, secret_key=secrets.token_urlsafe(32), database_url=f"sqlite:///{path}"
    )
    browser = browsers(create_app(settings, engine=engine), engine, ["coordinator"])["coordinator"]
    for kind, given in steps.items():
        yield _kind(browser, engine, round_id, kind, given)


def _kind(
    browser: FlaskClient, engine: Engine, round_id: str, kind: str, given: list[Entries]
) -> str:
    step, page, queries, size = [], [], 0, 0
    for entries in given:
        bench = f"/coordinator/rounds/{round_id}/what-if"
        trial = _post(browser, bench, bench, {"name": kind})[0]
        named = quote(entries.pop("name", ""))  # long lists are searched first
        form = f"{trial}/try/{kind}?text={named}"
        where, seconds = _post(browser, form, form, entries)
        step.append(seconds)
        with counting(engine) as sent:
            start = process_time()
            answer = browser.get(where)
            page.append(process_time() - start)
        assert answer.status_code == 200
        queries, size = len(sent), max(size, len(answer.data))
        _post(browser, trial, f"{trial}/throw-away", {})
    return (
        f"{kind:15} step {1000 * median(step):4.0f} ms, page {1000 * median(page):4.0f} ms"
        f" (at most {1000 * max(page):.0f}), {queries} queries, {size / 1024:.1f} kB"
    )


def _post(browser: FlaskClient, seen: str, url: str, entries: Entries) -> tuple[str, float]:
    """Send a form as it is shown on a page; where it leads, and the seconds it took."""
    html = browser.get(seen).get_data(as_text=True)
    shown = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
        for name in ("csrf_token", "version")
    }
    held = {name: found[1] for name, found in shown.items() if found}
    start = process_time()
    answer = browser.post(url, data={**held, **entries})
    seconds = process_time() - start
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"], seconds


def _steps(engine: Engine, round_id: str, each: int) -> dict[str, list[Entries]]:
    """Kind → entries of ``each`` steps about people and needs that the round has."""
    with Session(engine) as session:
        chosen = (
            select(Proposal, Professional)
            .join(Professional, col(Professional.id) == Proposal.professional_id)
            .where(Proposal.round_id == round_id)
            .order_by(col(Proposal.id))
        )
        seats = session.exec(chosen).all()
        terms = scenario_steps.terms_entries(session.get_one(Round, round_id), ())
    spread = seats[:: max(len(seats) // each, 1)][:each]
    said = {name: "yes" if value is True else str(value) for name, value in terms.items()}
    rules = {name: text for name, text in said.items() if text not in ("None", "False")}
    return {
        "pin": [
            {"professional_id": who.id, "role_id": one.role_id, "kind": "ban", "name": who.name}
            for one, who in spread
        ],
        "without_person": [{"id": who.id, "name": who.name} for _one, who in spread],
        "without_need": [{"id": one.need_id} for one, _who in spread],
        "new_person": [
            {"skill": "accounting", "level": str(1 + at % 4), "mode": "hybrid"}
            for at in range(each)
        ],
        "terms": [{**rules, "floor": str(3_000 + 100 * at)} for at in range(each)],
    }


def _seats(engine: Engine) -> int:
    with Session(engine) as session:
        return session.exec(select(func.sum(Role.seats))).one()


if __name__ == "__main__":
    main()
