# Caveat in one image: the environment, the program and the starter collection. The index lives in the volume.
# The pinned requirements hold no compiler's work: every package comes as a wheel.
FROM python:3.11-slim AS environment
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /app/.venv \
    && /app/.venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /home/caveat --create-home caveat \
    && mkdir /data /vectors && chown caveat /data /vectors
WORKDIR /app
COPY --from=environment /app/.venv /app/.venv
COPY app.py pyproject.toml README.md LICENSE ./
COPY src ./src
COPY ingest ./ingest
COPY corpus ./corpus
COPY deploy/start.sh ./start.sh
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONPATH=/app/src:/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CAVEAT_HOME=/data \
    CAVEAT_HOST=0.0.0.0 \
    CAVEAT_PORT=7860 \
    CAVEAT_LOG_LEVEL=info \
    CAVEAT_LOG_FORMAT=json
USER caveat
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=180s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/health', timeout=4)"]
CMD ["sh", "/app/start.sh"]
