"""The import rules of pyproject.toml hold, and the habits beside them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def imported(path: Path) -> set[str]:
    """Top-level names a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_import_rules() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_migrations_depend_on_no_code_of_today() -> None:
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert {name.split(".")[0] for name in imported(path)} <= {"alembic", "sqlalchemy"}, path


def test_engine_tests_touch_no_database() -> None:
    for path in (ROOT / "tests" / "engine").rglob("*.py"):
        touched = {"sqlmodel", "sqlalchemy", "matchmaker.db", "matchmaker.models"}
        assert not imported(path) & touched, path


def test_only_settings_reads_the_environment() -> None:
    for package in ("matchmaker", "web"):
        for path in (ROOT / package).rglob("*.py"):
            if path.name != "settings.py":
                text = path.read_text(encoding="utf-8")
                assert "os.environ" not in text, path
                assert "getenv" not in text, path


def test_the_engine_loads_only_numpy_and_scipy() -> None:
    script = (
        "import sys; before = set(sys.modules); import matchmaker.engine as e; "
        "e.assign, e.Market, e.Policy, e.match; "
        "top = {m.split('.')[0] for m in set(sys.modules) - before}; "
        "print(' '.join(sorted(t for t in top if not t.startswith('_') "
        "and t not in sys.stdlib_module_names)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    # numpy reads charset_normalizer where something else has installed it
    allowed = {
        "matchmaker",
        "numpy",
        "scipy",
        "cython_runtime",
        "threadpoolctl",
        "charset_normalizer",
    }
    assert set(done.stdout.split()) <= allowed
