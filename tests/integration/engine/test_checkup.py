"""The verbs about the program itself."""

from __future__ import annotations

import sqlite3

import pytest

from app.config.paths import Profile
from app.config.secrets import SecretBox
from app.config.settings import read_settings
from app.domain.errors import KnownError, Refused, SecretsMissing
from app.engine.checkup import Checkup
from app.triage.classifier import LearnedClassifier
from tests.support.engine import RULES, FixedClock

pytestmark = pytest.mark.usefixtures("key")  # a customer wrote


def no_keyring():
    raise SecretsMissing("There is no keyring on this machine", hint="Use --secret-command")


@pytest.fixture
def checkup(engine, tmp_path):
    profile = Profile(tmp_path)
    return Checkup(
        profile=profile,
        writer=engine.writer,
        secrets=SecretBox("test", keyring=no_keyring),
        read_settings=lambda: read_settings(profile.settings),
        load_rules=lambda: 70,
        classifier=LearnedClassifier(tmp_path / "no_weights.npz", rules=RULES),
        clock=FixedClock(),
        begin_anew=bool,
    )


def by_name(checkup) -> dict[str, dict[str, str]]:
    return {check["check"]: check for check in checkup.doctor()["checks"]}


def test_doctor_names_every_check_and_what_to_do(checkup):
    """What is missing but not needed warns, with a hint; the rest is well."""
    checks = by_name(checkup)
    assert checks["database"]["state"] == "ok"
    assert checks["books"]["state"] == "ok"
    assert checks["keyring"]["state"] == "warn"
    assert checks["keyring"]["hint"]


def test_doctor_says_that_the_rules_judge_alone(checkup):
    """Without the file of weights mail is judged all the same, and the doctor says by what."""
    found = by_name(checkup)["judgement"]
    assert found["state"] == "warn"
    assert "no_weights.npz is missing" in found["found"]


def test_doctor_says_which_rule_is_broken(checkup):
    """A rule file with a fault is the one thing that fails here."""

    def broken() -> int:
        raise KnownError("The rules in patterns.toml cannot be used", "line 3")

    checkup._load_rules = broken
    assert by_name(checkup)["rules"]["state"] == "fail"


def test_a_setting_is_changed_and_kept(checkup):
    """What was set is what is read; what is not allowed is refused and changes nothing."""
    checkup.set_setting("undo_seconds", "30")
    with pytest.raises(Refused, match="0 to 120"):
        checkup.set_setting("undo_seconds", 500)
    kept = {one["name"]: one["value"] for one in checkup.settings()["settings"]}
    assert kept["undo_seconds"] == 30


def test_a_backup_is_whole_and_never_overwrites(checkup, tmp_path):
    """A copy made while in use can be opened; a file that is there stays as it is."""
    target = tmp_path / "copy.db"
    checkup.backup(str(target))
    with sqlite3.connect(target) as copy:
        assert copy.execute("SELECT count(*) FROM message").fetchone() == (1,)
    copy.close()
    with pytest.raises(Refused, match="there already"):
        checkup.backup(str(target))


@pytest.mark.parametrize(
    ("name", "because"), [("file/copy.db", "File exists"), ("x" * 252, "File name too long")]
)
def test_a_place_that_takes_no_backup_is_named_and_not_the_profile(
    checkup, tmp_path, name, because
):
    (tmp_path / "file").write_text("")
    target = tmp_path / name
    with pytest.raises(KnownError, match="No copy of the profile could be made") as caught:
        checkup.backup(str(target))
    assert caught.value.message == f"{target.parent}: {because}"


def test_a_place_that_takes_no_export_is_named_too(checkup, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KnownError) as caught:
        checkup.export(str(tmp_path / "file" / "export"))
    assert caught.value.message == f"{tmp_path / 'file'}: Not a directory"


def test_a_rule_file_that_nothing_reads_is_named(checkup, tmp_path):
    """slo.toml for sla.toml: its owner would think that it holds."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "sla.toml").write_text("")
    (folder / "owner.toml").write_text("")
    assert checkup.rules_check() == {"rules": 70}
    (folder / "slo.toml").write_text("")
    with pytest.raises(Refused, match=r"Nothing reads .*slo\.toml.*sla\.toml"):
        checkup.rules_check()
    assert by_name(checkup)["rules"]["state"] == "warn"
