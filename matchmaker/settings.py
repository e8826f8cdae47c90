"""Settings: the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matchmaker.errors import Refusal

DEFAULT_SECRET = "change-me"  # noqa: S105 - refused outside the demo, see below


@dataclass(frozen=True)
class Settings:
    """What differs from one installation to the next. docs/operations.md lists each one."""

    home: Path
    database_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...] = ()
    environment: str = "production"  # production, demo or test
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    site_name_ja: str = "プロボノよっかいち"
    site_name_en: str = "Pro Bono Yokkaichi"
    time_zone: str = "Asia/Tokyo"
    mail_from: str = "matchmaker@localhost"
    contact_email: str = ""
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = False
    sign_on_secrets: tuple[tuple[str, str], ...] = ()  # company, its provider's secret
    proxies: int = 0  # reverse proxies in front whose forwarded headers are believed

    @property
    def demo(self) -> bool:
        """Whether this is the demonstration: sample people, caught mail, shown passwords."""
        return self.environment == "demo"


def read_settings(env: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Settings from ``MATCHMAKER_*`` variables; ``given`` values win (the demo and tests use this).

    Refused: ``secret_default`` when the secret key is missing, the default, or shorter than 16
    characters outside demo and test; ``setting_not_a_number`` for a port that is none.
    """
    source = os.environ if env is None else env

    def get(name: str, default: str = "") -> str:
        return source.get(f"MATCHMAKER_{name}", default)

    def number(name: str, default: int) -> int:
        value = get(name, str(default))
        if not value.isdecimal():
            raise Refusal("setting_not_a_number", name=f"MATCHMAKER_{name}", value=value)
        return int(value)

    home = Path(str(given.pop("home", "") or get("HOME", "data"))).resolve()
    values: dict[str, object] = {
        "home": home,
        "database_url": source.get("DATABASE_URL", "")
        or get("DATABASE_URL", f"sqlite:///{home / 'matchmaker.sqlite3'}"),
        "secret_key": get("SECRET_KEY", DEFAULT_SECRET),
        "secret_key_fallbacks": tuple(filter(None, get("SECRET_KEY_FALLBACKS").split(","))),
        "environment": get("ENVIRONMENT", "production"),
        "base_url": get("BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        "trusted_hosts": tuple(filter(None, get("TRUSTED_HOSTS").split(","))),
        "site_name_ja": get("SITE_NAME_JA", "プロボノよっかいち"),
        "site_name_en": get("SITE_NAME_EN", "Pro Bono Yokkaichi"),
        "time_zone": get("TIME_ZONE", "Asia/Tokyo"),
        "mail_from": get("MAIL_FROM", "matchmaker@localhost"),
        "contact_email": get("CONTACT_EMAIL"),
        "smtp_host": get("SMTP_HOST", "127.0.0.1"),
        "smtp_port": number("SMTP_PORT", 25),
        "smtp_user": get("SMTP_USER"),
        "smtp_password": get("SMTP_PASSWORD"),
        "smtp_starttls": get("SMTP_STARTTLS", "no") == "yes",
        "sign_on_secrets": tuple(
            (name, secret)
            for name, given, secret in (
                each.partition("=") for each in get("SIGN_ON_SECRETS").split()
            )
            if given
        ),
        "proxies": number("PROXIES", 0),
    }
    settings = Settings(**{**values, **given})  # type: ignore[arg-type]
    weak = settings.secret_key == DEFAULT_SECRET or len(settings.secret_key) < 16
    if weak and settings.environment not in ("demo", "test"):
        raise Refusal("secret_default", name="MATCHMAKER_SECRET_KEY")
    return settings
