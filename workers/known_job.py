"""What a worker takes from the queue: jobs with a name of ours and one id, whatever lies in Redis.

The queue's content is not trusted: the dotted name in a job picks the code that runs. Refuses, with one line in
the log, any other name, other arguments, callbacks and whatever cannot be read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.utils import import_attribute

from api.queue import JOB_NAMES

log = logging.getLogger(__name__)

CALLBACKS = ("_success_callback_name", "_failure_callback_name", "_stopped_callback_name")


class ForeignJob(Exception):
    """A job that is none of ours; it fails without having run."""


class KnownJob(Job):
    """A job that resolves names of ours only."""

    def restore(self, raw_data: Any) -> None:  # Any: RQ's own, a hash as it came from Redis
        """Read a job from Redis; one that cannot be read at all counts as gone, so that no worker dies of it."""
        try:
            super().restore(raw_data)
            log.debug("job %s: %s", self.id, self.func_name)  # reads the payload
        except NoSuchJobError:
            raise
        except Exception as wrong:  # RQ's parsers and the serializer raise what they like
            log.error("refused job %r: unreadable (%s)", self.id, type(wrong).__name__)
            raise NoSuchJobError(f"unreadable job {self.id}") from wrong
        self._planted = any(getattr(self, name) for name in CALLBACKS) or bool(self.webhooks)
        for name in CALLBACKS:
            setattr(self, name, None)
        self.webhooks = []

    @property
    def func(self) -> Callable[..., object]:
        """The function to run; raises ForeignJob, once logged, unless everything about the job is ours."""
        name, arguments = self.func_name, self.args
        ours = name in JOB_NAMES and self.instance is None and not self.kwargs and not self._planted
        if not ours or not isinstance(arguments, list) or len(arguments) != 1 or not isinstance(arguments[0], str):
            log.error("refused job %r: %r is none of ours", self.id, name)
            raise ForeignJob(f"{name!r} is none of ours")
        return import_attribute(str(name))
