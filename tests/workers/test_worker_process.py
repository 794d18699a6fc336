"""The worker as a process: what lies in Redis is never code, and a signal ends it."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from rq import Callback, Queue, Worker
from rq.exceptions import StopRequested
from rq.worker import WorkerStatus

from api.queue import QUEUE, SERIALIZER, Reminders
from tests.conftest import ROOT
from tests.make import OFFLINE
from workers.main import make_worker

SECONDS = 30


class Running:
    """A worker process and what it says."""

    def __init__(self, redis_url: str, folder: Path) -> None:
        self.said_in = folder / "worker.log"
        self.redis = redis.Redis.from_url(redis_url)
        self.queue = Queue(QUEUE, connection=self.redis, serializer=SERIALIZER)
        with self.said_in.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workers.main"],
                cwd=ROOT,
                env=os.environ | OFFLINE | {"SCHOLIUM_DATA_DIR": str(folder), "SCHOLIUM_REDIS_URL": redis_url},
                stderr=log,
            )

    def said(self) -> str:
        return self.said_in.read_text()

    def succeeded(self) -> int:
        return sum(worker.successful_job_count for worker in Worker.all(connection=self.redis))

    def still_works(self, reminders: Reminders) -> bool:
        before = self.succeeded()
        reminders.enrich_paper("no-such-paper")
        return soon(lambda: self.succeeded() == before + 1)


@pytest.fixture
def running(redis_url: str, tmp_path: Path, sqlite_template: Path) -> Iterator[Running]:
    shutil.copy(sqlite_template, tmp_path / "scholium.db")
    started = Running(redis_url, tmp_path)
    yield started
    started.process.kill()
    started.process.wait(10)
    started.redis.close()


@pytest.fixture
def reminders(redis_url: str) -> Iterator[Reminders]:
    opened = Reminders(redis_url)
    yield opened
    opened.close()


def soon(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_a_known_job_runs(running: Running, reminders: Reminders) -> None:
    assert running.still_works(reminders), running.said()


def test_a_planted_job_of_another_name_is_refused_and_said_once(
    running: Running, reminders: Reminders, tmp_path: Path
) -> None:
    running.queue.enqueue("os.mkdir", str(tmp_path / "planted"))
    running.queue.enqueue("os.getcwd")
    assert soon(lambda: len(running.queue.failed_job_registry) == 2), running.said()
    assert not (tmp_path / "planted").exists()
    assert running.said().count("'os.mkdir' is none of ours") == 2  # our line, and the error that ends the job
    assert running.said().count("refused job") == 2
    assert running.still_works(reminders), running.said()


class _Mkdir:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self.path,)


def test_pickled_bytes_are_refused(running: Running, reminders: Reminders, tmp_path: Path) -> None:
    running.redis.hset(
        "rq:job:planted", mapping={"data": pickle.dumps(_Mkdir(str(tmp_path / "pickled"))), "origin": QUEUE}
    )
    running.redis.rpush(running.queue.key, "planted")
    assert soon(lambda: "refused job 'planted'" in running.said()), running.said()
    assert running.still_works(reminders), running.said()
    assert not (tmp_path / "pickled").exists()


def test_a_job_of_ours_with_a_callback_is_refused(running: Running, reminders: Reminders) -> None:
    job = running.queue.enqueue(
        "workers.jobs.enrich_paper",
        "a-paper",
        job_id="called-back",
        on_success=Callback("builtins.print"),
        on_failure=Callback("builtins.print"),
    )
    assert soon(lambda: job.id in running.queue.failed_job_registry.get_job_ids()), running.said()
    assert "refused job 'called-back'" in running.said()
    assert running.still_works(reminders), running.said()


@pytest.mark.parametrize("field", [{"status": "nonsense"}, {"timeout": "soon"}, {"dependency_ids": "["}])
def test_a_job_that_cannot_be_read_costs_no_worker(
    running: Running, reminders: Reminders, field: dict[str, str]
) -> None:
    running.redis.hset("rq:job:broken", mapping={"data": '["os.getcwd", null, [], {}]', "origin": QUEUE} | field)
    running.redis.rpush(running.queue.key, "broken")
    assert soon(lambda: "refused job 'broken': unreadable" in running.said()), running.said()
    assert running.still_works(reminders), running.said()


def test_a_worker_ends_on_sigterm(running: Running, reminders: Reminders) -> None:
    assert running.still_works(reminders)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(5) == 0


def test_a_wish_to_stop_between_two_jobs_is_heard_before_the_long_wait(redis_url: str) -> None:
    worker = make_worker(redis_url)
    worker.set_state(WorkerStatus.BUSY)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    worker.request_stop(signal.SIGTERM, None)  # type: ignore[no-untyped-call]  # RQ types little
    for number, handler in handlers.items():
        signal.signal(number, handler)
    with pytest.raises(StopRequested):
        worker.dequeue_job_and_maintain_ttl(None)
    worker.connection.close()


def test_a_worker_ends_when_its_keeper_does(redis_url: str, tmp_path: Path) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "workers.main", "--follow"],
        cwd=ROOT,
        env=os.environ | OFFLINE | {"SCHOLIUM_DATA_DIR": str(tmp_path), "SCHOLIUM_REDIS_URL": redis_url},
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with redis.Redis.from_url(redis_url) as client:
        assert soon(lambda: Worker.count(connection=client) == 1)
    assert worker.stdin is not None
    worker.stdin.close()
    assert worker.wait(10) == 0


def test_a_job_over_its_memory_fails_by_itself() -> None:
    probe = (
        "import workers.main as main\n"
        "def eat(*_):\n"
        "    try: bytearray(2 * main.MEMORY_BYTES)\n"
        "    except MemoryError: print('capped')\n"
        "main.Worker.main_work_horse = eat\n"
        "main.CappedWorker.main_work_horse(object.__new__(main.CappedWorker), None, None)\n"
    )
    said = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "capped\n"
