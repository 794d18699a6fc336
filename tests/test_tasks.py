"""A task that runs on ends when it is asked to, also where the first word to it was lost."""

from __future__ import annotations

import asyncio

from api.tasks import end


async def test_a_task_ends_although_the_first_cancellation_was_swallowed() -> None:
    begun = asyncio.Event()
    swallowed: list[int] = []

    async def on_and_on() -> None:
        while True:
            begun.set()
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                if swallowed:
                    raise
                swallowed.append(1)

    task = asyncio.create_task(on_and_on())
    await begun.wait()
    await asyncio.wait_for(end(task), 30)
    assert (task.cancelled(), swallowed) == (True, [1])


async def test_a_task_that_failed_has_ended() -> None:
    async def fail() -> None:
        raise RuntimeError("nobody asks")

    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    await end(task)
    assert isinstance(task.exception(), RuntimeError)
