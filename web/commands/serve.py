"""``matchmaker serve``: the site on waitress."""

from __future__ import annotations

import click
from waitress import serve

from matchmaker.settings import read_settings
from web import create_app


@click.command("serve")
@click.option("--home", default="", help="Folder of the data (default: MATCHMAKER_HOME or data).")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True)
def serve_command(home: str, host: str, port: int, threads: int) -> None:
    """Serve the site. Background work is done by `matchmaker work` beside it."""
    app = create_app(read_settings(home=home))
    click.echo(f"http://{host}:{port}/")
    serve(app, host=host, port=port, threads=threads, ident="", clear_untrusted_proxy_headers=False)
