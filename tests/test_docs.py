"""What the documents say is there is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = [*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("sample_data/*.md")]
PATH = re.compile(r"`((?:matchmaker|web|tests|docs|migrations|sample_data)/[\w./-]*)`")


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_names_a_path_that_is_not_there(document: Path) -> None:
    named = PATH.findall(document.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_leads_nowhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_setting_is_explained() -> None:
    tree = ast.parse((ROOT / "matchmaker" / "settings.py").read_text(encoding="utf-8"))
    read = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("get", "number")
        and isinstance(node.args[0], ast.Constant)
    }
    explained = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert len(read) > 10
    assert [name for name in sorted(read) if f"MATCHMAKER_{name}`" not in explained] == []


def test_every_command_is_there() -> None:
    from web.cli import site

    context = site.make_context("matchmaker", ["--help"], resilient_parsing=True)
    for name in site.list_commands(context):
        command = site.get_command(context, name)
        assert command is not None
        assert command.help or name == "help", name


def test_the_lock_file_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert not (ROOT / "uv.lock").exists()
