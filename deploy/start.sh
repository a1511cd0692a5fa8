#!/bin/sh
# Builds the starter collection's index if none serves, then becomes the chat, so that SIGTERM reaches it.
set -eu
cd "$(dirname "$0")"
[ -f app.py ] || cd ..
python -m ingest status >/dev/null 2>&1 || python -m ingest build
exec python app.py
