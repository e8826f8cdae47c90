"""Taking in a market folder: uploaded, checked, shown, then taken in whole or not at all.

Checking and applying are background jobs. Both are safe to repeat: a worker that dies leaves
nothing half done, and whoever takes the job over starts from the batch's state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from matchmaker import jobs
from matchmaker.db import SessionFactory, transaction, wide_select
from matchmaker.engine.files.tables import CellError, FolderError, UnknownColumns
from matchmaker.errors import Conflict, NotFound
from matchmaker.models import Account, ImportBatch, ImportState, Job, StaffRole
from matchmaker.services import audit, import_plan, import_store, uploads
from matchmaker.services.actors import Actor, require_coordinator
from matchmaker.services.versions import claim

MOST_ERRORS = 500  # shown; the count tells of the rest
_VALUE = 200  # characters of a refused cell that are kept


@dataclass(frozen=True)
class BatchLine:
    """An import as the list shows it."""

    id: str
    filename: str
    state: str
    created_at: datetime
    applied_at: datetime | None
    by: str


def upload(
    session: Session, *, actor: Actor, now: datetime, files: Iterable[tuple[str, bytes]]
) -> ImportBatch:
    """Keep what a coordinator sent and queue its check. Refused: nothing chosen (``Invalid``)."""
    require_coordinator(actor)
    filename, content = uploads.pack_files(files)
    batch = ImportBatch(
        filename=filename[:200], content=content, created_by=actor.account_id, created_at=now
    )
    session.add(batch)
    session.flush()
    audit.record(session, actor=actor, act="import_uploaded", subject=_subject(batch), now=now)
    _queue(session, "check_import", batch, now)
    return batch


def find(session: Session, *, actor: Actor, batch_id: str) -> ImportBatch:
    """One import with its counts, errors and warnings. Refused: ``import_not_found``."""
    require_coordinator(actor)
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound("import_not_found")
    return batch


def listed(session: Session, *, actor: Actor, most: int = 50) -> list[BatchLine]:
    """The newest imports, without their contents."""
    require_coordinator(actor)
    found = session.exec(
        wide_select(
            ImportBatch.id,
            ImportBatch.filename,
            ImportBatch.state,
            ImportBatch.created_at,
            ImportBatch.applied_at,
            Account.name,
        )
        .join(Account, col(Account.id) == ImportBatch.created_by, isouter=True)
        .order_by(col(ImportBatch.created_at).desc(), col(ImportBatch.id))
        .limit(most)
    )
    return [
        BatchLine(batch_id, filename, state, created, applied, by or "")
        for batch_id, filename, state, created, applied, by in found
    ]


def apply(session: Session, *, actor: Actor, now: datetime, batch_id: str, version: int) -> None:
    """Queue the taking in of a checked import; doing it twice is doing it once.

    Refused: ``import_not_ready`` unless its preview stands, ``changed_meanwhile``.
    """
    batch = find(session, actor=actor, batch_id=batch_id)
    if batch.state in (ImportState.APPLYING, ImportState.APPLIED):
        return
    if batch.state != ImportState.PREVIEW:
        raise Conflict("import_not_ready")
    claim(session, batch, version)
    batch.state = ImportState.APPLYING
    session.add(batch)
    _queue(session, "apply_import", batch, now)


def drop(session: Session, *, actor: Actor, now: datetime, batch_id: str, version: int) -> None:
    """Throw an import away that was not taken in. Refused: ``import_not_ready`` once it is."""
    batch = find(session, actor=actor, batch_id=batch_id)
    if batch.state not in (ImportState.PREVIEW, ImportState.REFUSED):
        raise Conflict("import_not_ready")
    claim(session, batch, version)
    audit.record(session, actor=actor, act="import_dropped", subject=_subject(batch), now=now)
    session.delete(batch)
    session.flush()


def import_path(session: Session, *, actor: Actor, now: datetime, path: Path) -> ImportBatch:
    """Take in a folder, zip or workbook at once (the command line and the demo).

    ``FolderError`` with every fault, then nothing is stored; ``OSError`` for a missing path.
    """
    return import_files(
        session, actor=actor, now=now, given=uploads.read_path(path), name=path.name
    )


def import_files(
    session: Session, *, actor: Actor, now: datetime, given: uploads.Upload, name: str
) -> ImportBatch:
    """Take in ``given`` at once, in the caller's transaction; raises ``FolderError``."""
    require_coordinator(actor)
    changes = import_plan.plan(session, given.raw)
    batch = ImportBatch(
        filename=name[:200], created_by=actor.account_id, created_at=now, state=ImportState.APPLYING
    )
    session.add(batch)
    _store(session, batch, changes, given, actor, now)
    return batch


def check_import(factory: SessionFactory, job: Job) -> None:
    """Job: find every error and warning of a batch, or what it would change."""
    with transaction(factory) as session:
        batch = _locked(session, job)
        if batch is None or batch.state != ImportState.CHECKING:
            return
        given = uploads.read_upload(batch.content or b"")
        _note_warnings(batch, given)
        try:
            changes = import_plan.plan(session, given.raw)
        except FolderError as refused:
            _refuse(batch, refused.errors)
        else:
            _note_warnings(batch, given, changes.tables.warnings)
            batch.counts, batch.changes = changes.counts, changes.details
            batch.state = ImportState.PREVIEW
        batch.version += 1
        session.add(batch)


def apply_import(factory: SessionFactory, job: Job) -> None:
    """Job: take a batch in, in one transaction. What changed since the preview is checked again."""
    with transaction(factory) as session:
        batch = _locked(session, job)
        if batch is None or batch.state != ImportState.APPLYING:
            return
        given = uploads.read_upload(batch.content or b"")
        actor = Actor(account_id=batch.created_by, staff=frozenset({StaffRole.COORDINATOR}))
        try:
            changes = import_plan.plan(session, given.raw)
        except FolderError as refused:
            _refuse(batch, refused.errors)
            batch.version += 1
            session.add(batch)
            return
        _store(session, batch, changes, given, actor, jobs.utc_now())


HANDLERS: dict[str, jobs.Handler] = {"check_import": check_import, "apply_import": apply_import}


def _queue(session: Session, kind: str, batch: ImportBatch, now: datetime) -> None:
    jobs.enqueue(
        session,
        kind,
        now=now,
        dedupe_key=f"{kind}:{batch.id}",
        created_by=batch.created_by,
        batch_id=batch.id,
    )


def _locked(session: Session, job: Job) -> ImportBatch | None:
    wanted = select(ImportBatch).where(ImportBatch.id == job.params["batch_id"])
    return session.exec(wanted.with_for_update()).one_or_none()


def _store(
    session: Session,
    batch: ImportBatch,
    changes: import_plan.Changes,
    given: uploads.Upload,
    actor: Actor,
    now: datetime,
) -> None:
    import_store.store(session, changes, now=now)
    _note_warnings(batch, given, changes.tables.warnings)
    batch.counts, batch.changes = changes.counts, changes.details
    batch.state, batch.applied_at, batch.content = ImportState.APPLIED, now, None
    batch.version += 1
    session.add(batch)
    session.flush()
    audit.record(
        session,
        actor=actor,
        act="import_applied",
        subject=_subject(batch),
        now=now,
        counts=changes.counts,
    )


def _refuse(batch: ImportBatch, errors: Iterable[CellError]) -> None:
    """Keep what was wrong, and not the personal data that came with it."""
    found = [
        asdict(error) | {"value": error.value[:_VALUE].replace("\x00", "␀")} for error in errors
    ]
    batch.errors = [_plain(error) for error in found[:MOST_ERRORS]]
    batch.counts = {"errors": {"all": len(found)}}
    batch.state, batch.content = ImportState.REFUSED, None


def _plain(error: dict[str, Any]) -> dict[str, Any]:
    params = {
        name: list(value) if isinstance(value, tuple) else value if _simple(value) else str(value)
        for name, value in error["params"].items()
    }
    return error | {"params": params}


def _simple(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float))


def _note_warnings(
    batch: ImportBatch, given: uploads.Upload, unknown: Iterable[UnknownColumns] = ()
) -> None:
    batch.warnings = [{"code": "file_left_out", "file": name} for name in given.left_out] + [
        {"code": "columns_left_out", "file": each.file, "columns": list(each.columns)}
        for each in unknown
    ]


def _subject(batch: ImportBatch) -> tuple[str, str]:
    return ("import_batch", batch.id)
