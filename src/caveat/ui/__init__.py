"""The chat page: the only package that makes markup, and (with ``app.py``) the only one that knows Gradio."""

from __future__ import annotations

import os

# Gradio and huggingface_hub read these when they are first imported, so they stand before any such import.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

# Statistics of events for a monitoring page that is switched off here; made anew at every event they cost half of its time.
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000000"
