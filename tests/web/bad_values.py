"""What must not be accepted, by the kind of entry; and a plain entry of each kind."""

from __future__ import annotations

from datetime import date, timedelta

from matchmaker.services.demo_people import PASSWORD

LONG = "a" * 100_000
UNPRINTABLE = ("見本😀", "ｶﾅ", "مرحبا", "a\x00b", "a\u202eb", "a\ue000b", LONG)
BAD: dict[str, tuple[str, ...]] = {
    "text": UNPRINTABLE,
    "kana": (*UNPRINTABLE, "漢字"),
    "email": (*UNPRINTABLE, "abc", "a@b@example.jp", "a b@example.jp"),
    "url": (*UNPRINTABLE, "abc", "javascript:alert(1)", "https://"),
    "number": ("abc", "-1", "1e9", "NaN", "inf", "999999999999", "1.5.2", "٣😀", "1\x00"),
    "date": ("abc", "2026-13-45", "0000-00-00", "99999-01-01", "2026-11-2😀", "2026-1\x00"),
    "choice": ("not-in-list", "p-none", "選😀", "a\x00b"),
    "list": ("not-in-list", "p-none", "選😀", "a\x00b"),
    "tick": ("not-in-list", "p-none", "選😀", "a\x00b"),
    "password": ("short", LONG),
    "file": (),
}
HIDDEN = ("", "garbage", "-1", "９９９９", "9" * 30, "p002", "a\x00b", "選😀")
TOMORROW = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011 - any day to come
PLAIN = {
    "text": "見本",
    "kana": "みほん",
    "email": "someone.new@example.jp",
    "url": "https://example.jp/",
    "number": "2",
    "date": TOMORROW,
    "password": PASSWORD,
}
