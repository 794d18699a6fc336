"""The house knows jobs as names; every name is a job, and takes what the reminder brings."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

from api.queue import JOB_NAMES


@pytest.mark.parametrize("name", sorted(JOB_NAMES))
def test_every_name_is_a_job_that_takes_one_id(name: str) -> None:
    module, _, function = name.rpartition(".")
    job = getattr(import_module(module), function)
    assert inspect.iscoroutinefunction(job)
    (parameter,) = inspect.signature(job).parameters.values()
    assert parameter.annotation == "str"


def test_every_public_job_has_a_name() -> None:
    jobs = import_module("workers.jobs")
    public = {
        f"workers.jobs.{name}"
        for name, found in vars(jobs).items()
        if inspect.iscoroutinefunction(found) and found.__module__ == jobs.__name__ and not name.startswith("_")
    }
    assert public == JOB_NAMES
