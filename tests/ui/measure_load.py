"""Measures the chat under load: ``python tests/ui/measure_load.py [--people 50] [--questions 2000]``.

Starts the real program over the real index on a free port, then: how long the page takes to be usable in a browser; how
long each of many people waits who ask at the same moment, through the page's own event with its progress; and how much memory
the program holds over many questions. Prints one JSON object. It is no test: it has no target to fail.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
QUESTIONS = ROOT / "tests" / "evaluation" / "golden_tuning.jsonl"


def start() -> tuple[subprocess.Popen[str], str]:
    """The program and its address, once it can answer."""
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CAVEAT_PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    address = process.stdout.readline().split(" on ")[1].split()[0]
    while True:
        try:
            if httpx.get(address + "health").status_code == 200:
                return process, address
        except httpx.HTTPError:
            time.sleep(0.1)


def memory(pid: int) -> float:
    """Resident memory in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def cpu(pid: int) -> float:
    """Seconds of processor time used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Person:
    """Somebody with the page open, who asks through the page's own events as their browser does."""

    def __init__(self, client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        self.client = client
        self.session = secrets.token_hex(6)
        events = config["dependencies"]
        self.asking = next(e for e in events if e["targets"] and e["targets"][0][1] == "submit")
        self.opening = [
            e["id"] for e in events if e["targets"] and e["targets"][0][1] == "load" and e["backend_fn"]
        ]

    async def open(self) -> None:
        """What the page asks for when it opens."""
        for event in self.opening:
            await self._run(event, [None])

    async def ask(self, question: str) -> float:
        """Seconds from Enter to the finished answer; raises when there is none."""
        began = time.perf_counter()
        await self._run(
            self.asking["id"], [question, None, "clinical", "Not chosen", False, None, "", "", [], ""]
        )
        return time.perf_counter() - began

    async def _run(self, event: int, data: list[Any]) -> None:
        body = {"data": data, "fn_index": event, "session_hash": self.session}
        (await self.client.post("gradio_api/queue/join", json=body)).raise_for_status()
        where = "gradio_api/queue/data"
        async with self.client.stream("GET", where, params={"session_hash": self.session}) as stream:
            async for line in stream.aiter_lines():
                message = json.loads(line[6:]) if line.startswith("data: ") else {"msg": ""}
                if message["msg"] == "process_completed":
                    if not message["success"]:
                        raise RuntimeError("an answer failed")
                    return
                if message["msg"] in ("unexpected_error", "queue_full"):
                    raise RuntimeError(message["msg"])
        raise RuntimeError("the stream ended without an answer")


async def people(client: httpx.AsyncClient, count: int) -> list[Person]:
    """So many people who have just opened the page."""
    config = (await client.get("config")).json()
    found = [Person(client, config) for _ in range(count)]
    for person in found:
        await person.open()
    return found


async def together(address: str, questions: list[str]) -> dict[str, Any]:
    """All questions at the same moment, each by a person of their own."""
    limits = httpx.Limits(max_connections=len(questions) * 2)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        crowd = await people(client, len(questions))
        asked = (person.ask(q) for person, q in zip(crowd, questions, strict=True))
        results = await asyncio.gather(*asked, return_exceptions=True)
    good = sorted(r for r in results if isinstance(r, float))
    return {
        "people": len(questions),
        "errors": len(results) - len(good),
        "seconds_p50": round(statistics.median(good), 2),
        "seconds_p95": round(good[int(len(good) * 0.95) - 1], 2),
        "seconds_max": round(good[-1], 2),
    }


async def many(address: str, pid: int, questions: list[str], count: int) -> dict[str, Any]:
    """So many questions by four people at a time; memory every tenth of the way."""
    errors, held, used = 0, [memory(pid)], cpu(pid)
    began = time.perf_counter()
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        step = max(4, count // 10)
        for done in range(0, count, step):
            four = await people(client, 4)
            for at in range(done, min(done + step, count), 4):
                asked = (p.ask(questions[(at + i) % len(questions)]) for i, p in enumerate(four))
                results = await asyncio.gather(*asked, return_exceptions=True)
                errors += sum(isinstance(r, BaseException) for r in results)
            held.append(memory(pid))
    return {
        "questions": count,
        "errors": errors,
        "a_second": round(count / (time.perf_counter() - began), 1),
        "cpu_ms_a_question": round(1000 * (cpu(pid) - used) / count),
        "memory_mb": held,
    }


def page_load(address: str) -> dict[str, Any] | None:
    """Seconds until the box can be typed into, and bytes loaded, with an empty cache."""
    if not CHROMIUM.exists():
        return None
    from playwright.sync_api import sync_playwright

    times, sizes = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        for _ in range(5):
            context = browser.new_context()
            page = context.new_page()
            began = time.perf_counter()
            page.goto(address)
            page.wait_for_selector("#cv-box textarea")
            times.append(round(time.perf_counter() - began, 2))
            loaded = "performance.getEntriesByType('resource').reduce((n, r) => n + r.transferSize, 0)"
            sizes.append(page.evaluate(loaded))
            context.close()
        browser.close()
    return {"seconds": times, "median": statistics.median(times), "kilobytes": round(max(sizes) / 1000)}


def main() -> int:
    """Runs everything and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--questions", type=int, default=2000)
    options = parser.parse_args()
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines() if line]
    questions = [row["question"] for row in rows]
    process, address = start()
    try:
        figures: dict[str, Any] = {"page": page_load(address), "memory_at_start_mb": memory(process.pid)}
        asked = [questions[i % len(questions)] for i in range(options.people)]
        figures["together"] = [asyncio.run(together(address, asked)) for _ in range(3)]
        figures["many"] = asyncio.run(many(address, process.pid, questions, options.questions))
        figures["load_average"] = os.getloadavg()
    finally:
        process.terminate()
        process.wait(timeout=30)
    figures["exit_code"] = process.returncode
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
