"""Starts the chat: settings, index, wiring, server. ``python app.py`` or ``make chat``."""

from __future__ import annotations

import sys

from caveat.errors import CaveatError
from caveat.settings import load_settings

START_SECONDS = 2.0
"""How long the first question waits for an index that is still on its way from a server."""


def main() -> int:
    """Serves the page until it is stopped; returns the exit code."""
    try:
        settings = load_settings()
        from caveat.ui.logs import start_log
        from caveat.ui.operator import page_of, web_options
        from caveat.ui.server import listen, run, web_app
        from caveat.wiring import build_app, own_collections, warm_in_background

        start_log(settings.log_level, settings.log_format)
        app = build_app(settings, patience=START_SECONDS)
        options = web_options(settings)
        warm_in_background(app)
    except CaveatError as error:
        print(f"Caveat cannot start. {error}", file=sys.stderr)
        return 2
    try:
        bound = listen(settings.host, settings.port)
    except OSError:
        print(
            f"Caveat cannot start. It cannot listen on {settings.host} port {settings.port}: "
            "set CAVEAT_PORT to a free port, or CAVEAT_HOST to an address of this machine.",
            file=sys.stderr,
        )
        return 2
    page = page_of(app.answerer, app.provider, app.topic, settings, own_collections(app))
    web = web_app(page.blocks(), app.provider, **options)
    print(
        f"Caveat is running on http://{settings.host}:{bound.getsockname()[1]}/ (stop with Ctrl+C)",
        flush=True,
    )
    run(web, bound)
    return 0


if __name__ == "__main__":
    sys.exit(main())
