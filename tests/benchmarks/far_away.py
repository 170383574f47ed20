"""Puts a server at a distance: a TCP relay on loopback that hands on every piece of data late, in both directions."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager, suppress


async def _relay(reader, writer, delay):
    """Read at once, write when each piece is due; pieces in flight do not wait for one another."""
    clock = asyncio.get_running_loop()
    in_flight: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver():
        while (item := await in_flight.get())[1]:
            await asyncio.sleep(item[0] - clock.time())
            writer.write(item[1])
        writer.close()

    delivery = asyncio.create_task(deliver())
    piece = b"start"
    while piece:
        try:
            piece = await reader.read(1 << 18)
        except ConnectionError:
            piece = b""
        in_flight.put_nowait((clock.time() + delay, piece))
    await asyncio.gather(delivery, return_exceptions=True)


async def _serve(target, delay, ready, stop):
    async def connected(reader, writer):
        far = await asyncio.open_connection("127.0.0.1", target)
        with suppress(asyncio.CancelledError):  # the server closes while a browser still holds its connection
            await asyncio.gather(_relay(reader, far[1], delay), _relay(far[0], writer, delay), return_exceptions=True)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        ready.set_result(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(stop.wait)


@contextmanager
def far_away(port: int, seconds: float):
    """The port of a relay to ``port`` that takes ``seconds`` each way."""
    from concurrent.futures import Future

    ready: Future[int] = Future()
    stop = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(port, seconds, ready, stop)), daemon=True)
    thread.start()
    yield ready.result(10)
    stop.set()
    thread.join(10)
