"""Keeps what Gradio holds for an open page from growing with its questions."""

from __future__ import annotations

from typing import Any

import gradio as gr


def forget_replaced(page: gr.Blocks, session_hash: str | None) -> int:
    """Lets go of the components that Gradio 6.31 made anew for earlier updates of a page; says how many.

    It files each under an id of its own beside the page's components and never takes it away. A Gradio that keeps
    its sessions otherwise is left alone.
    """
    sessions = getattr(getattr(page, "state_holder", None), "session_data", {})
    session: Any = sessions.get(session_hash) if session_hash else None
    held = getattr(getattr(session, "blocks_config", None), "blocks", None)
    shown = getattr(session, "config_values", None)
    if not isinstance(held, dict) or not isinstance(shown, dict) or held is page.blocks:
        return 0
    replaced = [key for key in list(held) if key not in page.blocks]
    for key in replaced:
        held.pop(key, None)
        shown.pop(key, None)
    return len(replaced)
