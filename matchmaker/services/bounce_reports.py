"""What mail servers write back when a mail could not be delivered (RFC 3464), read and kept.

A report is ours when it returns a mail with one of our Message-IDs, which are the ids of messages.
"""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from pathlib import Path

from sqlmodel import Session, select

from matchmaker.models import Notice, NoticeState
from matchmaker.services.accounts import address

_OURS = re.compile(r"<(o-[0-9a-z]+)@[^<>\s]+>")
_NOT_YET_SENT = (NoticeState.PAPER, NoticeState.DROPPED, NoticeState.BOUNCED)


@dataclass(frozen=True)
class Report:
    """A mail that failed for good: which one, to whom, what the server said, and when."""

    notice_id: str
    recipient: str
    said: str
    at: datetime | None


def read(content: bytes) -> Report | None:
    """The report a mail makes about one of ours; None for any other mail, and for delays."""
    mail = message_from_bytes(content, policy=policy.default)
    if mail.get_content_type() != "multipart/report":
        return None
    parts = list(mail.walk())
    status = next((p for p in parts if p.get_content_type() == "message/delivery-status"), None)
    found = _OURS.search("\n".join(_returned(parts)))
    failure = _failure(status) if status is not None else None
    if found is None or failure is None:
        return None
    return Report(found[1], *failure, _sent_at(mail))


def _failure(status: Message) -> tuple[str, str] | None:
    """The recipient for whom delivery was given up, and the reason."""
    payload = status.get_payload()
    for block in payload if isinstance(payload, list) else ():
        if (
            not isinstance(block, Message)
            or str(block.get("Action", "")).strip().lower() != "failed"
        ):
            continue
        recipient = str(block.get("Final-Recipient", "")).partition(";")[2].strip()
        said = str(block.get("Diagnostic-Code", "")).partition(";")[2].strip()
        code = str(block.get("Status", "")).strip()
        return recipient, " ".join(f"{'' if code in said else code} {said}".split())
    return None


def _returned(parts: Sequence[Message]) -> Iterator[str]:
    """The headers of the mail that came back, and what the report says it answers."""
    for part in parts:
        for name in ("Message-ID", "In-Reply-To", "References"):
            yield str(part.get(name, ""))
        if part.get_content_type() == "text/rfc822-headers":
            yield str(part.get_payload())


def _sent_at(mail: EmailMessage | Message) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(mail.get("Date", "")))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def note(session: Session, report: Report, *, now: datetime) -> bool:
    """Keep that a message came back. False when it is not known, went to another address since, or
    was sent again after the report was written. Reading a report twice changes nothing."""
    row = session.exec(
        select(Notice).where(Notice.id == report.notice_id).with_for_update()
    ).first()
    if row is None or row.state in _NOT_YET_SENT:
        return False
    if report.recipient and address(report.recipient) != address(row.email):
        return False
    if report.at is not None and row.sent_at is not None and report.at < _second(row.sent_at):
        return False
    row.state, row.bounced_at = NoticeState.BOUNCED, report.at or now
    row.error, row.leased_until = report.said[:400], None
    session.add(row)
    session.flush()
    return True


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)  # dates of mails know no less


def mails(path: Path) -> Iterator[bytes]:
    """Every mail of a Maildir, an mbox file or a single file. A Maildir's new mails become read."""
    if path.is_dir():
        box = mailbox.Maildir(path, create=False)
        for key in sorted(box.keys()):
            message = box[key]
            yield bytes(message)
            if message.get_subdir() == "new":
                message.set_subdir("cur")
                message.add_flag("S")
                box[key] = message
        return
    content = path.read_bytes()
    if not content.startswith(b"From "):
        yield content
        return
    with closing(mailbox.mbox(path, create=False)) as file:
        for mail in file:
            yield bytes(mail)
