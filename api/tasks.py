"""The end of a task that runs on and on.

A cancellation may get lost on its way, where a library takes it for the end of its own time limit; a task that then
goes on would be waited for without end. Refuses to wait for a task that it has not just asked to end.
"""

from __future__ import annotations

import asyncio

AGAIN_SECONDS = 0.5


async def end(task: asyncio.Task[None]) -> None:
    """Cancel a task until it has ended; how it ended does not matter."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=AGAIN_SECONDS)
    if not task.cancelled():
        task.exception()  # it was asked for, and is not told of once more
