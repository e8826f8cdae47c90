"""What the ready company's officer has begun: words for employees, a link, people pledged."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from matchmaker.models import Account, CompanyOfficer
from matchmaker.services import demo_people, joining, pledges
from matchmaker.services.accounts import actor_of

DAYS = timedelta(days=90)


def begin_programme(session: Session, *, now: datetime, today: date) -> None:
    """Give the ready officer's company a programme; nothing where there is no such officer."""
    officer = session.exec(
        select(CompanyOfficer)
        .join(Account, col(Account.id) == CompanyOfficer.account_id)
        .where(Account.email == demo_people.address("company"))
        .order_by(col(CompanyOfficer.company_id))
    ).first()
    if officer is None:
        return
    actor, company = actor_of(session, account_id=officer.account_id), officer.company_id
    joining.describe(
        session, actor=actor, now=now, company_id=company,
        data={"programme": "年に2日まで、勤務時間内に参加できます。上司への相談は不要です。",
              "contact": "総務部 社会貢献担当（内線1234）"},
    )  # fmt: skip
    joining.invite(
        session, actor=actor, now=now, today=today, company_id=company,
        data={"channel": "社内報", "expires_on": today + DAYS},
    )  # fmt: skip
    pledges.pledge(
        session, actor=actor, now=now, today=today, company_id=company,
        data={"seats": 3, "form": "day", "from_on": today, "until_on": today + DAYS,
              "note": "土曜日なら3人まで出られます。"},
    )  # fmt: skip
