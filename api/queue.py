"""The only file that knows RQ: jobs as names, reminders that may be lost.

The database holds the work; a queue that is down, full or flushed costs time, never data. Refuses to fail a
request: a reminder that cannot be sent is left to the sweep.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Literal, get_args

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job
from rq.queue import EnqueueData

log = logging.getLogger(__name__)

QUEUE = "scholium"
SERIALIZER = "json"  # what lies in Redis is never code
JobName = Literal[
    "workers.jobs.enrich_due",
    "workers.jobs.enrich_paper",
    "workers.jobs.hear_list",
    "workers.jobs.read_meaning",
    "workers.jobs.run_import",
    "workers.jobs.send_mails",
]
JOB_NAMES: frozenset[str] = frozenset(get_args(JobName))
JOB_SECONDS = 80
TOGETHER_SECONDS = 0.05  # in which clicks come together; one reminder by itself costs as much as ten
FAILURE_SECONDS = 60  # how long a failed reminder blocks its id; the database knows what failed


def connect(url: str) -> redis.Redis:
    """A client that says within a quarter of a second that the server is not there."""
    return redis.Redis.from_url(url, socket_connect_timeout=0.25, socket_timeout=2, retry=Retry(NoBackoff(), 1))


class Reminders:
    """Reminds the workers of work that already stands in the database."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)
        self._queue = Queue(QUEUE, connection=self._redis, serializer=SERIALIZER)
        self._clicks: deque[str] = deque()
        self._turn = Lock()

    def enrich_paper(self, paper_id: str, *, first: bool = False) -> None:
        """Remind of a paper to enrich that nobody works on; once while the reminder waits.

        With `first` it is the next one that a worker takes, also where it waited already.
        """
        self._remind("workers.jobs.enrich_paper", paper_id, _enrich_id(paper_id), first=first)

    def clicked(self, paper_ids: Iterable[str]) -> bool:
        """Note papers that people saved just now; whether nobody is about to `send_clicked` them."""
        self._clicks.extend(paper_ids)
        return not self._turn.locked()

    def send_clicked(self) -> None:
        """Remind of them, before all that waits: of the first at once, of those that come meanwhile together."""
        while self._clicks and self._turn.acquire(blocking=False):
            try:
                self.enrich_papers([self._clicks.popleft() for _ in range(len(self._clicks))], first=True)
                time.sleep(TOGETHER_SECONDS)
            finally:
                self._turn.release()

    def enrich_papers(self, paper_ids: Iterable[str], *, first: bool = False) -> None:
        """Remind of many papers, in as few round trips as of one where they do not wait already; `first` as above."""
        jobs = {_enrich_id(paper_id): paper_id for paper_id in paper_ids}
        fresh = self._enqueue_unknown(jobs, first=first)
        for paper_id in [jobs[job_id] for job_id in jobs.keys() - set(fresh)] if fresh is not None else ():
            self.enrich_paper(paper_id, first=first)

    def enrich_fresh(self, paper_ids: Iterable[str]) -> int:
        """Remind of those of many papers of which no reminder waits; how many they were.

        One that a killed worker left behind counts as waiting: the ticker finds it.
        """
        return len(self._enqueue_unknown({_enrich_id(paper_id): paper_id for paper_id in paper_ids}) or ())

    def enrich_due(self) -> None:
        """Remind of all papers that are due, however many, by one reminder, or a second while the first runs.

        It may have looked already; what both missed the ticker finds.
        """
        try:
            for job_id in ("enrich-due", "enrich-due-again"):
                if self._enqueue("workers.jobs.enrich_due", "", job_id, JOB_SECONDS, first=False):
                    return
        except redis.RedisError as failure:
            _not_sent("a reminder of what is due", failure)

    def run_import(self, library_id: str, import_id: str) -> None:
        """Remind of an import to run; once while the reminder waits."""
        self._remind("workers.jobs.run_import", f"{library_id}/{import_id}", f"import-{import_id}", seconds=3600)

    def send_mails(self, library_id: str) -> None:
        """Remind of a library whose issue or mails are due; once while the reminder waits."""
        self._remind("workers.jobs.send_mails", library_id, f"mail-{library_id}")

    def hear_list(self, name: str) -> None:
        """Remind of an outside list to be read; once while the reminder waits."""
        self._remind("workers.jobs.hear_list", name, f"list-{name}")

    def read_meaning(self, library_id: str) -> None:
        """Remind of a library (or of all papers, which is none) whose texts wait for vectors; once while it waits."""
        self._remind("workers.jobs.read_meaning", library_id, f"meaning-{library_id}")

    def workers_alive(self) -> bool:
        """Whether any worker has lately said that it listens."""
        return bool(self.workers())

    def waiting(self) -> int | None:
        """How many reminders the queue holds; None where it does not answer."""
        try:
            return int(self._redis.llen(self._queue.key))
        except redis.RedisError:
            return None

    def workers(self) -> int | None:
        """How many workers lately said that they listen; None where nobody can tell."""
        from rq import Worker

        try:
            return len(Worker.all(connection=self._redis))  # not `count`, which remembers the killed
        except redis.RedisError:
            return None

    def _remind(
        self, name: JobName, argument: str, job_id: str, seconds: int = JOB_SECONDS, *, first: bool = False
    ) -> None:
        try:
            if self._enqueue(name, argument, job_id, seconds, first=first):
                return
            if self._is_stale(job_id):
                self._enqueue(name, argument, job_id, seconds, first=first)
            elif first and self._redis.lrem(self._queue.key, 1, job_id):  # none if a worker took it meanwhile
                self._redis.lpush(self._queue.key, job_id)
        except redis.RedisError as failure:
            _not_sent(job_id, failure)

    def _enqueue(self, name: JobName, argument: str, job_id: str, seconds: int, *, first: bool) -> bool:
        try:
            self._queue.enqueue(
                name,
                argument,
                job_id=job_id,
                unique=True,
                job_timeout=seconds,
                result_ttl=0,
                failure_ttl=FAILURE_SECONDS,
                at_front=first,
            )
        except DuplicateJobError:
            return False
        return True

    def _enqueue_unknown(self, jobs: Mapping[str, str], *, first: bool = False) -> list[str] | None:
        """Send the reminders (papers by job id) of which none waits; which they were, or None where Redis is away."""
        names = list(jobs)
        try:
            pipeline = self._redis.pipeline(transaction=False)
            for name in names:
                pipeline.exists(Job.key_for(name))
            fresh = [name for name, known in zip(names, pipeline.execute(), strict=True) if not known]
            self._queue.enqueue_many([self._job(jobs[job_id], job_id, first=first) for job_id in fresh])
        except redis.RedisError as failure:
            _not_sent(f"{len(jobs)} reminders", failure)
            return None
        return fresh

    def _job(self, paper_id: str, job_id: str, *, first: bool) -> EnqueueData:
        return self._queue.prepare_data(
            "workers.jobs.enrich_paper",
            (paper_id,),
            timeout=JOB_SECONDS,
            result_ttl=0,
            failure_ttl=FAILURE_SECONDS,
            job_id=job_id,
            at_front=first,
        )

    def _is_stale(self, job_id: str) -> bool:
        """Whether a reminder of this id stands in no queue, for a killed worker leaves one behind; it is taken away.

        One that is running is taken away too: the database says who holds the work, and it was asked first.
        """
        try:
            job = Job.fetch(job_id, connection=self._redis, serializer=SERIALIZER)
        except NoSuchJobError:
            return True
        if self._queue.get_job_position(job_id) is not None:
            return False
        job.delete()
        return True

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()


def _enrich_id(paper_id: str) -> str:
    return f"enrich-{paper_id}"


def _not_sent(what: str, failure: redis.RedisError) -> None:
    log.warning("%s not sent: %s; the sweep will find the work", what, type(failure).__name__)
