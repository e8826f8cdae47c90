"""Dates as .ics: read back by another reader of the format than the one that wrote them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from web.calendars import Event, written

TOKYO = ZoneInfo("Asia/Tokyo")
CHANGED = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)


def unfolded(content: bytes) -> list[str]:
    """The lines of the format as RFC 5545 3.1 says: CRLF, a space where one goes on."""
    text = content.decode("utf-8")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def ics(*events: Event) -> list[str]:
    return unfolded(
        written(events, name="プロボノ", language="ja", host="probono.example", zone=TOKYO)
    )


def test_a_day_is_a_whole_day_of_the_city() -> None:
    lines = ics(Event("offer-m1", "返事の期限：チラシ", date(2026, 12, 14), CHANGED, revision=3))
    assert "DTSTART;VALUE=DATE:20261214" in lines
    assert "DTEND;VALUE=DATE:20261215" in lines  # the first day after it
    assert "UID:offer-m1@probono.example" in lines
    assert "SEQUENCE:3" in lines
    assert "SUMMARY:返事の期限：チラシ" in lines
    assert "X-WR-CALNAME:プロボノ" in lines
    assert "METHOD:PUBLISH" in lines
    assert "STATUS:CONFIRMED" in lines


def test_a_moment_stands_in_the_citys_time_with_its_zone() -> None:
    start = datetime(2026, 12, 14, 1, 30, tzinfo=UTC)
    lines = ics(Event("kick-off-p1", "はじめの打ち合わせ", start, CHANGED, place="市役所"))
    assert "DTSTART;TZID=Asia/Tokyo:20261214T103000" in lines
    assert "DTEND;TZID=Asia/Tokyo:20261214T113000" in lines
    assert "BEGIN:VTIMEZONE" in lines
    assert "TZID:Asia/Tokyo" in lines
    assert "TZOFFSETTO:+0900" in lines
    assert "LOCATION:市役所" in lines


def test_what_was_called_off_is_taken_out_of_the_calendar_and_rings_no_more() -> None:
    event = Event("m-1", "中間の確認", date(2027, 1, 5), CHANGED, remind=timedelta(days=1))
    assert "TRIGGER:-P1D" in ics(event)
    assert ics(event) == ics(event)
    off = ics(Event(event.uid, event.title, event.start, CHANGED, cancelled=True,
                    remind=event.remind))  # fmt: skip
    assert "STATUS:CANCELLED" in off
    assert "BEGIN:VALARM" not in off


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_no_title_breaks_the_file(title: str) -> None:
    lines = ics(Event("e", title, date(2026, 12, 14), CHANGED, text=f"{title}\n{title}"))
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert [line for line in lines if line.startswith("SUMMARY")] == [
        "SUMMARY:" + title.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    ]
