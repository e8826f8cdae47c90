"""What programs fetch of the open needs: JSON Feed, and the Volunteering Data Standard's shape."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import Flask
from sqlmodel import Session

from matchmaker.models import NeedField
from tests import factories as f

SITE = "http://127.0.0.1:8000"


def fetched(app: Flask, address: str) -> Any:
    return json.loads(app.test_client().get(address).data)


def test_open_needs_as_json_feed_take_the_filters_of_the_list(app: Flask, session: Session) -> None:
    group = f.group(session, name="ひだまり食堂")
    need = f.need(session, group, title="帳簿")
    f.role(session, need, ("accounting",))
    f.need(session, group, title="チラシ")
    session.commit()
    feed = fetched(app, "/needs.json?skill=accounting&lang=en")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{SITE}/needs.json?skill=accounting&lang=en"
    (item,) = feed["items"]
    assert item["url"] == item["id"] == f"{SITE}/needs/{need.id}"
    assert item["tags"] == ["Accounting"]
    assert item["date_published"].startswith("2026-11-02T")


def test_open_needs_in_the_shape_of_the_standard(app: Flask, session: Session) -> None:
    f.district(session, "tokiwa", label_ja="常磐", lat=34.95, lon=136.6)
    f.field(session, "npo-13")
    group = f.group(
        session, name="ひだまり食堂", district="tokiwa", website="https://h.example.jp/"
    )
    need = f.need(
        session, group, title="帳簿", mode="hybrid", slots=["wed-eve", "sat-am"],
        starts_on=date(2026, 12, 1), hours_per_week=2,
    )  # fmt: skip
    f.add(session, NeedField(need_id=need.id, field="npo-13"))
    f.role(session, need, ("accounting",), title="会計")
    f.role(session, need, (), title="お手伝い", position=1, essential=False)
    hidden = f.group(session, name="秘密の会", public=False)
    f.need(session, hidden, title="匿名のニーズ", mode="remote")
    session.commit()
    data = fetched(app, "/opportunities.jsonld?lang=ja")
    assert data["conformsTo"] == "https://ns.volunteeringdata.io/"
    organisations = {each["name"]: each for each in data["graph"]}
    assert "秘密の会" not in json.dumps(data, ensure_ascii=False)
    ours = organisations["ひだまり食堂"]
    assert (ours["type"], ours["website"]) == ("Organisation", "https://h.example.jp/")
    assert ours["cause"] == [f"{SITE}/needs?field=npo-13"]
    (activity,) = ours["activity"]
    assert activity["publishEnd"] == "2026-12-01"
    (session_,) = activity["session"]
    assert session_["time"] == [
        "https://ns.volunteeringdata.io/WednesdayEvening",
        "https://ns.volunteeringdata.io/SaturdayMorning",
    ]
    assert session_["location"] == {"name": "常磐", "latitude": "34.950", "longitude": "136.600"}
    first, second = activity["role"]
    assert (first["title"], second["title"]) == ("会計", "お手伝い")
    assert first["allowsRemoteParticipation"] is True
    assert first["skill"] == [f"{SITE}/needs?skill=accounting"]
    assert second["skill"] == []
    (unnamed,) = organisations["プロボノよっかいち"]["activity"]
    assert "session" not in unnamed
