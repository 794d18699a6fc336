"""The owner's errands at the command line: each says what it did, or fails with one line."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAPERS = [
    {"title": "A first title", "abstract": "About one thing."},
    {"title": "A second title", "abstract": "About another thing."},
    {"title": "A first title", "abstract": "About one thing."},
    {"abstract": "No title at all."},
]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A fresh instance, nothing of it running."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("SCHOLIUM_")}
    return ours | {"SCHOLIUM_DATA_DIR": str(tmp_path / "var"), "SCHOLIUM_BASE_URL": "https://papers.example"}


def scholium(
    environment: dict[str, str], *words: str, given: str = "a fine long passphrase\n"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *words],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_account_that_is_too_large_for_the_page_comes_back_at_the_command_line(
    environment: dict[str, str], tmp_path: Path
) -> None:
    scholium(environment, "user", "add", "ada@example.org")
    listed, out, large = tmp_path / "papers.json", tmp_path / "out.json", tmp_path / "large.json"
    listed.write_text(json.dumps(PAPERS))
    scholium(environment, "import", str(listed), "--papers")
    assert scholium(environment, "export", "--format", "json", "-o", str(out)).returncode == 0
    whole = out.read_text().rstrip().removesuffix("}") + f',"more":"{"x" * 20_000_000}"}}'
    large.write_text(whole)
    taken = scholium(environment, "import", str(large))
    assert "2 records, 0 imported, 2 there already" in taken.stdout, taken.stderr
    large.write_text(whole.replace("scholium-library", "another-library"))
    assert "a file may have 20,000,000 bytes" in scholium(environment, "import", str(large)).stderr


def test_a_library_goes_in_and_comes_out(environment: dict[str, str], tmp_path: Path) -> None:
    assert "ada@example.org" in scholium(environment, "user", "add", "ada@example.org").stdout
    listed = tmp_path / "papers.json"
    listed.write_text(json.dumps(PAPERS))
    taken = scholium(environment, "import", str(listed), "--papers")
    assert (taken.returncode, taken.stdout) == (
        0,
        "papers.json: 4 records, 2 imported, 1 there already, 1 not taken\n",
    ), taken.stderr
    assert "no worker runs" in taken.stderr
    assert "line 4: no_title:" in taken.stderr
    again = scholium(environment, "import", str(listed), "--papers")
    assert "0 imported, 3 there already" in again.stdout
    out = tmp_path / "out.bib"
    assert scholium(environment, "export", "-o", str(out)).returncode == 0
    assert out.read_text().count("@") == 2
    assert scholium(environment, "export").stdout == out.read_text()
    assert [path.name for path in tmp_path.glob(".out*")] == []
    ris = tmp_path / "out.ris"
    said = scholium(environment, "export", "--format", "ris", "--exclude", "abstract", "-o", str(ris))
    assert "the library of ada@example.org is written as ris" in said.stderr
    assert ris.read_bytes().count(b"ER  - \r\n") == 2
    assert b"AB  -" not in ris.read_bytes()


def test_a_failed_export_leaves_the_older_file(environment: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out.bib"
    out.write_text("what was there")
    said = scholium(environment, "export", "-o", str(out))
    assert said.returncode == 1
    assert said.stderr == f"scholium: nobody has an account here yet; the data folder is {tmp_path / 'var'}\n"
    assert out.read_text() == "what was there"
    assert list(tmp_path.glob(".out*")) == []


def test_a_token_is_the_only_line_of_output(environment: dict[str, str]) -> None:
    scholium(environment, "user", "add", "ada@example.org")
    scholium(environment, "user", "add", "bob@example.org")
    said = scholium(environment, "token", "create", "--user", "bob@example.org", "--scope", "read")
    assert said.stdout.startswith("sch_")
    assert said.stdout.count("\n") == 1
    assert "bob@example.org" in said.stderr


def test_a_link_stands_in_for_a_password(environment: dict[str, str]) -> None:
    said = scholium(environment, "user", "add", "ada@example.org", "--link", given="")
    assert said.stdout.startswith("https://papers.example/claim/")


def test_who_forgot_a_password_gets_a_link_and_nobody_else_does(environment: dict[str, str]) -> None:
    scholium(environment, "user", "add", "ada@example.org")
    said = scholium(environment, "user", "link", "ada@example.org")
    assert said.stdout.startswith("https://papers.example/claim/")
    nobody = scholium(environment, "user", "link", "bob@example.org")
    assert (nobody.returncode, nobody.stderr) == (1, "scholium: no account bob@example.org\n")


def test_whose_library_is_asked_for_where_several_have_one(environment: dict[str, str]) -> None:
    for email in ("ada@example.org", "bob@example.org"):
        scholium(environment, "user", "add", email)
    said = scholium(environment, "export")
    assert (said.returncode, said.stderr) == (1, "scholium: there is more than one account; name it with --user\n")


def test_no_link_is_made_for_an_account_that_exists(environment: dict[str, str]) -> None:
    scholium(environment, "user", "add", "ada@example.org")
    said = scholium(environment, "user", "add", "ADA@example.org", "--link", given="")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == "scholium: an account with this address exists\n"


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("user", "add", "ada@example.org"), "short\n"),
        (("user", "add", "nobody"), "a fine long passphrase\n"),
        (("export", "--user", "nobody@example.org"), ""),
        (("import", __file__), ""),
        (("export", "--format", "json", "--exclude", "note"), ""),
    ],
)
def test_a_failure_is_one_line_and_a_status(environment: dict[str, str], words: tuple[str, ...], given: str) -> None:
    said = scholium(environment, *words, given=given)
    assert said.returncode == 1
    assert said.stdout == ""
    assert said.stderr.startswith("scholium: ")
    assert said.stderr.count("\n") == 1


def test_a_wrong_setting_is_named(environment: dict[str, str]) -> None:
    said = scholium(environment | {"SCHOLIUM_PORT": "many"}, "migrate")
    assert (said.returncode, said.stderr) == (1, "scholium: SCHOLIUM_PORT must be a number, not 'many'\n")


def test_migrating_twice_is_migrating_once(environment: dict[str, str]) -> None:
    assert "applied 0001" in scholium(environment, "migrate").stdout
    assert scholium(environment, "migrate").stdout == "the schema was up to date\n"


def test_the_doctor_names_what_is_missing_and_changes_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    said = scholium(environment, "doctor")
    assert said.returncode == 1
    assert "FAIL  folder" in said.stdout
    assert not (tmp_path / "var").exists()
    scholium(environment, "migrate")
    said = scholium(environment, "doctor")
    assert "ok    database: sqlite" in said.stdout
    assert "FAIL  queue" in said.stdout


def test_failed_jobs_are_listed_and_tried_again_one_or_all(environment: dict[str, str], tmp_path: Path) -> None:
    scholium(environment, "user", "add", "ada@example.org")
    listed = tmp_path / "papers.json"
    listed.write_text(json.dumps(PAPERS))
    scholium(environment, "import", str(listed))
    database = sqlite3.connect(tmp_path / "var" / "scholium.db")
    database.execute("UPDATE paper SET enrich_state = 'failed', dead_at = 1, starts = 5, trouble = 'its worker died'")
    database.commit()
    one, other = (row[0] for row in database.execute("SELECT id FROM paper ORDER BY id"))
    said = scholium(environment, "jobs", "list").stdout
    assert "failed  2 given up, 0 to be tried again by themselves" in said
    assert f"{one}  " in said
    assert "its worker died" in said
    assert scholium(environment, "jobs", "retry", one).stdout == "1 to be tried again\n"
    assert scholium(environment, "jobs", "retry", one).stderr == f"scholium: no failed job {one}\n"
    assert scholium(environment, "jobs", "retry").returncode == 1
    assert scholium(environment, "jobs", "retry", "--all").stdout == "1 to be tried again\n"
    assert database.execute("SELECT DISTINCT enrich_state, dead_at, starts FROM paper").fetchall() == [
        ("pending", 0, 0)
    ]
    database.close()
    assert other in said


def test_the_doctor_says_whether_the_clock_work_goes_on_and_what_failed(
    environment: dict[str, str], tmp_path: Path
) -> None:
    scholium(environment, "user", "add", "ada@example.org")
    assert "FAIL  ticker: no ticker has run yet" in scholium(environment, "doctor").stdout
    database = sqlite3.connect(tmp_path / "var" / "scholium.db")
    now = time.time_ns() // 1_000_000
    for began, said in ((now, "ok    ticker: ran "), (now - 200_000, "FAIL  ticker: no ticker has run for 2")):
        database.execute("INSERT OR REPLACE INTO clock_round VALUES ('sweep', 1, ?, ?, 0, NULL)", (began, began))
        database.commit()
        assert said in scholium(environment, "doctor").stdout
    database.close()
    assert "ok    jobs: 0 given up, 0 to be tried again" in scholium(environment, "doctor").stdout
