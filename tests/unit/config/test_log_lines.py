"""What a log line says, and what it leaves out."""

from __future__ import annotations

import logging
import subprocess
import sys
import textwrap

import pytest

from everyfamily.config.log_lines import LogLines
from everyfamily.core.errors import EveryfamilyError

SECRET = "ana.ferris@example.org"


class MadeUp(EveryfamilyError):
    """A stand-in."""

    code = "EF999"


def line(name: str, message: str, *args: object, problem: BaseException | None = None, **extra: object) -> str:
    raised = (type(problem), problem, problem.__traceback__) if problem is not None else None
    record = logging.LogRecord(name, logging.ERROR, "/somewhere/module.py", 12, message, args, raised)
    vars(record).update(extra)
    return LogLines().format(record)


def raised(problem: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise problem from cause
    except BaseException as caught:
        return caught


def test_an_exception_gives_its_class_and_place_and_not_its_words() -> None:
    text = line("everyfamily.mailings", "A call failed.", problem=raised(ValueError(SECRET), KeyError(SECRET)))
    assert SECRET not in text
    assert "A call failed." in text
    assert "ValueError from KeyError" in text
    assert "test_log_lines.py:" in text


def test_our_own_errors_give_their_sentence() -> None:
    assert "EF999 The file is cut off." in line(
        "x", "y", problem=raised(MadeUp("The file is cut off.", "Again."))
    )


@pytest.mark.parametrize(
    ("message", "args", "said"),
    [("failed for %s", (SECRET,), "failed for %s"), (f"failed for {SECRET}", (), "at module.py:12")],
)
def test_another_librarys_message_gives_no_value(message: str, args: tuple[object, ...], said: str) -> None:
    text = line("psycopg.pool", message, *args)
    assert SECRET not in text
    assert text.endswith(said)


def test_the_work_engine_names_its_job_by_numbers() -> None:
    job = {"id": 7, "task_name": "look_at_school", "task_kwargs": {"school_id": 3, "note": SECRET}}
    text = line("procrastinate.worker", f"Job look_at_school({SECRET})", action="job_error", job=job)
    assert text.endswith("job_error, job 7 look_at_school {'school_id': 3}")


def test_everything_is_shown_to_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERYFAMILY_DEBUG", "1")
    assert SECRET in line("psycopg.pool", "failed for %s", SECRET)


@pytest.mark.slow
def test_what_nobody_catches_is_said_in_the_same_way() -> None:
    program = f"""
        import threading
        from everyfamily.config.log_lines import keep_words_out_of_crashes
        keep_words_out_of_crashes()
        def fails():
            raise ValueError("{SECRET}")
        class Fails:
            def __del__(self):
                raise KeyError("{SECRET}")
        thread = threading.Thread(target=fails); thread.start(); thread.join()
        Fails()
        raise RuntimeError("{SECRET}")
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert [SECRET in ended.stderr, ended.stderr.count("A part of the program stopped")] == [False, 3]
    assert all(name in ended.stderr for name in ("ValueError", "KeyError", "RuntimeError"))
