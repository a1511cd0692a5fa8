"""Starts the chat: settings, index, wiring, launch. ``python app.py`` or ``make chat``."""

from __future__ import annotations

import logging
import sys

from caveat.errors import CaveatError
from caveat.settings import load_settings


def main() -> int:
    """Serves the page until it is stopped; returns the exit code."""
    try:
        settings = load_settings()
        logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
        from caveat.ui.page import Page
        from caveat.ui.theme import launch_options
        from caveat.wiring import build_app, warm_in_background

        app = build_app(settings)
        warm_in_background(app)
    except CaveatError as error:
        print(f"Caveat cannot start. {error}", file=sys.stderr)
        return 2
    page = Page(app.answerer, app.provider, subject=app.topic.short, examples=app.topic.examples).blocks()
    try:
        _, address, _ = page.launch(
            server_name=settings.host,
            server_port=settings.port or None,
            prevent_thread_lock=True,
            **launch_options(),
        )
    except OSError:
        print(
            f"Caveat cannot start. It cannot listen on {settings.host} port {settings.port}: "
            "set CAVEAT_PORT to a free port, or CAVEAT_HOST to an address of this machine.",
            file=sys.stderr,
        )
        return 2
    print(f"Caveat is running on {address} (stop with Ctrl+C)", flush=True)
    page.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
