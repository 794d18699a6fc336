"""A worker: takes reminders from the one queue and runs each in a process of its own.

One queue for a worker, for RQ loses a job between two queues when it is killed; a short life sign, so that others
see within two minutes that it is gone. Refuses foreign jobs (`known_job`) and jobs that eat the machine's memory.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Any

import redis
from rq import Queue, Worker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.worker import WorkerStatus

from api.children import FOLLOW, follow_keeper
from api.instance import read_instance
from api.logs import set_up_logs
from api.queue import QUEUE, SERIALIZER
from workers import jobs  # noqa: F401  read once: each forked job would spend its first third of a second on it
from workers.behind import stand_behind
from workers.known_job import KnownJob

WORKER_SECONDS = 60
MAINTENANCE_SECONDS = 30
MEMORY_BYTES = 512 * 1024 * 1024


class CappedWorker(Worker):
    """An RQ worker whose jobs have an end to their memory."""

    job_class = KnownJob
    log_result_lifespan = False
    max_connection_wait_time = 5.0  # seconds between tries while the queue is away

    def bootstrap(self, *settings: Any, **named: Any) -> None:  # Any: passed on as they came
        """Listen to signals from the first sign of life on, so that no record of a worker outlives it."""
        self._install_signal_handlers()  # type: ignore[no-untyped-call]  # RQ types little
        super().bootstrap(*settings, **named)

    def set_state(self, state: str, pipeline: Any = None) -> None:
        """Keep the state; a wish to stop that came after RQ last asked for one ends the work before the long wait."""
        super().set_state(state, pipeline)
        if state == WorkerStatus.IDLE and self._stop_requested:
            raise StopRequested

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the child, before the job: no more than the cap; a job over it gets MemoryError and fails alone."""
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        cap = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (cap, hard))
        super().main_work_horse(job, queue)


def make_worker(redis_url: str) -> CappedWorker:
    """A worker on the one queue; raises redis.ConnectionError if the queue is away."""
    return CappedWorker(
        [QUEUE],
        connection=redis.Redis.from_url(redis_url),
        serializer=SERIALIZER,
        worker_ttl=WORKER_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
    )


def main() -> None:
    """Work until SIGTERM or SIGINT; the second of them cuts a running job."""
    settings = read_instance(os.environ)
    set_up_logs(settings.log_format)
    stand_behind()
    if FOLLOW in sys.argv[1:]:
        follow_keeper()
    worker = make_worker(settings.redis_url)
    try:
        worker.work(logging_level="WARNING")
    except StopRequested:  # before the work began
        worker.teardown()  # type: ignore[no-untyped-call]  # RQ types little


if __name__ == "__main__":
    main()
