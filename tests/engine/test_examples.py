"""Every example that a reader may copy runs and gives what it says."""

from __future__ import annotations

import doctest
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import matchmaker.engine
from tests.reference import PAGE, page

ROOT = Path(__file__).parents[2]
MODULES = [
    found.name
    for found in pkgutil.walk_packages(matchmaker.engine.__path__, "matchmaker.engine.")
    if not found.ispkg
]


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_examples_in_docstrings_give_what_they_say() -> None:
    tried = 0
    for name in MODULES:
        failed, attempted = doctest.testmod(import_module(name))
        assert failed == 0, name
        tried += attempted
    assert tried >= 10


@pytest.mark.parametrize("document", ["README.md", "docs/engine.md"])
def test_examples_in_documents_run(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, document, "exec"), names)


def test_the_reference_is_what_the_docstrings_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
