#!/bin/sh
# Builds the starter collection's index if none serves, then becomes the chat, so that SIGTERM reaches it.
# A replica (CAVEAT_CHROMA_URL) builds nothing: it takes what the builder put on the server.
set -eu
cd "$(dirname "$0")"
[ -f app.py ] || cd ..
[ -n "${CAVEAT_CHROMA_URL:-}" ] || python -m ingest status >/dev/null 2>&1 || python -m ingest build
exec python app.py
