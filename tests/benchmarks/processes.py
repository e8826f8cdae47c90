"""Memory of the real server and the real worker, and how long the demonstration takes to start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from sqlalchemy import Engine

from matchmaker.settings import Settings
from tests.benchmarks import databases
from tests.benchmarks.city_rounds import wait_for
from tests.benchmarks.clock import times
from tests.benchmarks.pages import Page, browsers
from tests.benchmarks.sizes import Sizes
from web import create_app

MEGABYTE = 1024 * 1024
REMEMBERED_ROUNDS = 2  # pages are fetched this often before memory is read


@dataclass(frozen=True)
class Memory:
    """Megabytes of main memory a process holds: fresh, and after its work."""

    name: str
    fresh: float
    after: float


def memory(
    settings: Settings,
    engine: Engine,
    where: databases.Places,
    pages: Sequence[Page],
    sizes: Sizes,
) -> list[Memory]:
    """Every page fetched from ``matchmaker serve``, one round computed by ``matchmaker work``."""
    port = _free_port()
    with _matchmaker(settings, "serve", "--port", str(port)) as server:
        site = f"http://127.0.0.1:{port}"
        _wait_for_site(site)
        fresh = _megabytes(server)
        _visit(site, _cookies(settings, engine, pages), where, pages)
        served = Memory("matchmaker serve", fresh, _megabytes(server))
        with _matchmaker(settings, "work") as worker:
            time.sleep(3)  # until it is up and idle
            idle = _megabytes(worker)
            wait_for(engine, databases.press_button(engine, needs=sizes.round_needs))
            return [served, Memory("matchmaker work", idle, _megabytes(worker))]


def start_up(folder: Path, repeats: int) -> float:
    """Median seconds of ``matchmaker demo --no-serve`` on an empty folder."""
    homes = iter(range(repeats))

    def start() -> None:
        home = folder / f"demo-{next(homes)}"
        command = [*_COMMAND, "demo", "--no-serve", "--home", str(home)]
        subprocess.run(command, check=True, capture_output=True)

    return round(median(times(start, repeats)), 2)


_COMMAND = (sys.executable, "-c", "from web.cli import main; main()")


@contextmanager
def _matchmaker(settings: Settings, *words: str) -> Iterator[psutil.Process]:
    given = {
        "MATCHMAKER_HOME": str(settings.home),
        "MATCHMAKER_SECRET_KEY": settings.secret_key,
        "MATCHMAKER_BASE_URL": settings.base_url,
        "DATABASE_URL": settings.database_url,
    }
    started = subprocess.Popen(
        [*_COMMAND, *words],
        env={**os.environ, **given},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield psutil.Process(started.pid)
    finally:
        started.terminate()
        started.wait(timeout=60)


def _megabytes(process: psutil.Process) -> float:
    return round(process.memory_info().rss / MEGABYTE, 1)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for_site(site: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{site}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(site)


def _cookies(settings: Settings, engine: Engine, pages: Sequence[Page]) -> dict[str, str]:
    app = create_app(settings, engine=engine)
    name = app.config["SESSION_COOKIE_NAME"]
    found = browsers(app, engine, sorted({page.role for page in pages}))
    cookies = {role: browser.get_cookie(name) for role, browser in found.items()}
    return {role: f"{name}={cookie.value}" for role, cookie in cookies.items() if cookie}


def _visit(
    site: str, cookies: dict[str, str], where: databases.Places, pages: Sequence[Page]
) -> None:
    for page in list(pages) * REMEMBERED_ROUNDS:
        url = where.address(page.url)
        if url is None:
            continue
        header = {"Cookie": cookies.get(page.role, "")}
        asked = urllib.request.Request(site + urllib.parse.quote(url, safe="/?&=%"), headers=header)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                answer.read()
        except urllib.error.HTTPError:
            continue  # the table of pages says which one does not answer
