"""Who asks, as far as a limit by person needs it; kept in memory for a minute and never logged."""

from __future__ import annotations

import gradio as gr


def request_id(request: gr.Request | None) -> str:
    """The id that the answer to this web request carries as ``X-Request-ID``; empty outside a request."""
    headers = getattr(request, "headers", None)
    return str(headers.get("x-request-id") or "") if headers is not None else ""


def person(request: gr.Request | None, *, trust_proxy: bool = False) -> str:
    """The name they logged in with, else their address (the proxy's word for it only where it is trusted)."""
    if request is None:
        return ""
    name = getattr(request, "username", None)
    if name:
        return f"user:{name}"
    if trust_proxy:
        # The last entry is the one our own proxy added; what stands before it anybody can write.
        forwarded = str(request.headers.get("x-forwarded-for") or "").split(",")[-1].strip()
        if forwarded:
            return f"address:{forwarded}"
    client = getattr(request, "client", None)
    return f"address:{getattr(client, 'host', '')}"
