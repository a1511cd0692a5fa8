"""What the server holds for an open page does not grow with its questions."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
from measure_load import people
from page_fakes import CITED, FakeAnswerer, FakeProvider

from caveat.domain.topic import Topic
from caveat.ui.operator import registers
from caveat.ui.page import Options, Page
from caveat.ui.server import listen, server, web_app


async def ask(address: str, times: int) -> None:
    """One open page asks so many times."""
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        (person,) = await people(client, 1)
        for _ in range(times):
            await person.ask(CITED.question)


def test_a_page_that_asks_often_holds_no_more_than_one_that_asked_once(topic: Topic) -> None:
    """After eight questions the session has the page's components and those of the last question alone."""
    page = Page(FakeAnswerer(), FakeProvider(), topic, options=Options(rewriting=registers(topic)))
    blocks, bound = page.blocks(), listen("127.0.0.1", 0)
    web = server(web_app(blocks, FakeProvider()))
    thread = threading.Thread(target=web.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        address = f"http://127.0.0.1:{bound.getsockname()[1]}/"
        with ThreadPoolExecutor(1) as beside:  # a browser test before this one leaves a loop running here
            beside.submit(asyncio.run, ask(address, 8)).result(timeout=120)
        (session,) = blocks.state_holder.session_data.values()
        assert 0 < len(session.blocks_config.blocks) - len(blocks.blocks) <= 4
    finally:
        web.should_exit = web.force_exit = True
        thread.join(timeout=5)
