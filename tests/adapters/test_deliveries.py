from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from kvalitet.adapters.deliveries import AnswersRefusedError, deliver, waive
from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, deliveries, facts, log, outbox, plans
from kvalitet.adapters.store.deliveries import Submission, Waiver
from kvalitet.status import Facts
from tests.adapters.installed import installation as made
from tests.adapters.store.planned import write
from tests.builders import AARBY, RORBY, activity, dialogue, file_field, instant, municipality, number_field, occurrence

GOALS = activity("local_goals", opens="start-08-15", fields=(number_field(), file_field(required=False)))
TALK = dialogue()
OF_AARBY, OF_RORBY, MEETING = occurrence(GOALS, where=AARBY), occurrence(GOALS, where=RORBY), occurrence(TALK)
PLACE = municipality(GOALS, TALK)
NOW, LATER = instant("2026-09-01", "10:00"), instant("2026-09-02", "10:00")
GOOD = Submission({"percent": "5,4"}, "Skolelederen på Aarby Skole")


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Installation:
    write(store, [OF_AARBY, OF_RORBY, MEETING])
    return made(store, tmp_path, PLACE)


def kept(installation: Installation) -> tuple[int, list[str], list[str]]:
    """Count deliveries, and list the log and the outbox."""
    with installation.store.read() as connection:
        versions = deliveries.versions(connection, OF_AARBY.key)
        told = [event.key for event in log.events(connection)]
        mails = [mail.key for mail in outbox.mails(connection)]
    return len(versions), told, mails


def test_a_delivery_its_event_and_its_receipt_come_together(installation: Installation) -> None:
    delivery = deliver(installation, OF_AARBY.key, GOOD, now=NOW)
    assert (delivery.version, delivery.answers) == (1, {"percent": "5,4"})
    assert kept(installation) == (
        1,
        [f"delivered:{OF_AARBY.key}:1"],
        [f"receipt:{OF_AARBY.key}:1:{AARBY.leader.address}"],
    )


def test_the_receipt_goes_to_the_school_leader(installation: Installation) -> None:
    deliver(installation, OF_AARBY.key, GOOD, now=NOW)
    with installation.store.read() as connection:
        (mail,) = outbox.mails(connection)
    read = message_from_bytes(mail.content, policy=policy.default)
    assert mail.recipient == AARBY.leader.address
    assert "Skolens egne mål" in str(read["Subject"])


def test_nobody_is_reminded_of_what_is_delivered(installation: Installation) -> None:
    deliver(installation, OF_AARBY.key, GOOD, now=NOW)
    with installation.store.read() as connection:
        waking = plans.waking(connection, PLACE.key, today=date(2027, 7, 31))
    assert [found.key for found in waking] == [OF_RORBY.key, MEETING.key]


def test_refused_answers_leave_nothing(installation: Installation) -> None:
    with pytest.raises(AnswersRefusedError) as refused:
        deliver(installation, OF_AARBY.key, Submission({"percent": "fem", "other": "?"}, "Leder"), now=NOW)
    assert refused.value.problems == {
        "other": "Feltet »other« findes ikke i »Skolens egne mål«.",
        "percent": "Skriv »Fravær i procent« som et tal, fx 5,4.",
    }
    assert refused.value.message == " ".join(refused.value.problems.values())
    assert kept(installation) == (0, [], [])


def test_a_receipt_that_cannot_be_written_leaves_the_delivery_and_is_told(store: Store, tmp_path: Path) -> None:
    write(store, [OF_AARBY, OF_RORBY, MEETING])
    broken = made(store, tmp_path, PLACE)
    broken.__dict__["renderer"] = type(broken.renderer)(tmp_path / "ingen skabeloner", "https://kvalitet.example")
    deliver(broken, OF_AARBY.key, GOOD, now=NOW)
    assert kept(broken)[0] == 1
    with store.read() as connection:
        (event,) = log.events(connection, event="mail_unwritable")
    assert event.detail == "skabelonen receipt/subject.txt: skabelonen mangler i mappen ingen skabeloner."


def test_what_is_delivered_again_is_a_new_version_with_a_receipt_of_its_own(installation: Installation) -> None:
    deliver(installation, OF_AARBY.key, GOOD, now=NOW)
    second = deliver(installation, OF_AARBY.key, Submission({"percent": "4"}, "Leder"), now=LATER)
    assert second.version == 2
    assert kept(installation)[0] == 2
    assert len(kept(installation)[2]) == 2


def test_a_double_click_is_one_delivery_and_one_receipt(installation: Installation) -> None:
    form = Submission({"percent": "5,4"}, "Leder", token="form-1")
    first = deliver(installation, OF_AARBY.key, form, now=NOW)
    assert deliver(installation, OF_AARBY.key, form, now=LATER) == first
    assert kept(installation)[0] == 1
    assert len(kept(installation)[2]) == 1


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("proeveby.unknown", "»proeveby.unknown« findes ikke i planen; se nøglerne med »kvalitet occurrences«."),
        (MEETING.key, "»Ledelseslæringssamtale« er ikke noget, som skoler afleverer."),
    ],
)  # fmt: skip
def test_only_what_is_planned_for_delivering_can_be_delivered_or_waived(
    installation: Installation, key: str, sentence: str
) -> None:
    with pytest.raises(UserError) as refused:
        deliver(installation, key, GOOD, now=NOW)
    assert refused.value.message == sentence
    with pytest.raises(UserError) as refused:
        waive(installation, key, reason="Aftalt", by="Forvaltningen", now=NOW)
    assert refused.value.message == sentence


def test_what_is_not_open_yet_says_when_it_opens(installation: Installation) -> None:
    with pytest.raises(UserError) as refused:
        deliver(installation, OF_AARBY.key, GOOD, now=instant("2026-08-14", "23:59"))
    assert refused.value.message == "»Skolens egne mål« åbner først 15.08.2026; prøv igen den dag."
    assert deliver(installation, OF_AARBY.key, GOOD, now=instant("2026-08-15", "00:00")).version == 1


def test_a_school_that_is_waived_need_not_and_cannot_deliver(installation: Installation) -> None:
    assert waive(installation, OF_AARBY.key, reason=" Skolen flytter ", by="Forvaltningen", now=NOW) is True
    with pytest.raises(UserError) as refused:
        deliver(installation, OF_AARBY.key, GOOD, now=LATER)
    assert refused.value.message == "Skolen er fritaget for »Skolens egne mål«; der skal ikke afleveres noget."
    assert kept(installation) == (0, [f"waived:{OF_AARBY.key}"], [])
    with installation.store.read() as connection:
        assert deliveries.waiver(connection, OF_AARBY.key) == Waiver("Skolen flytter", "Forvaltningen", NOW)
        assert facts.of(connection, [OF_AARBY.key]) == {OF_AARBY.key: Facts(waived=True)}
        waking = plans.waking(connection, PLACE.key, today=date(2027, 7, 31))
    assert OF_AARBY not in waking


def test_what_a_later_plan_dropped_can_no_longer_be_delivered(installation: Installation) -> None:
    write(installation.store, dropped=[OF_AARBY])
    with pytest.raises(UserError) as refused:
        deliver(installation, OF_AARBY.key, GOOD, now=NOW)
    assert refused.value.message == "»Skolens egne mål« er udgået af planen; der skal ikke afleveres noget."
    assert kept(installation) == (0, [], [])


def test_waiving_twice_is_waiving_once(installation: Installation) -> None:
    waive(installation, OF_AARBY.key, reason="Skolen flytter", by="Forvaltningen", now=NOW)
    assert waive(installation, OF_AARBY.key, reason="Noget andet", by="Andre", now=LATER) is False
    assert kept(installation)[1] == [f"waived:{OF_AARBY.key}"]


def test_a_waiver_needs_a_reason(installation: Installation) -> None:
    with pytest.raises(UserError) as refused:
        waive(installation, OF_AARBY.key, reason="  ", by="Forvaltningen", now=NOW)
    assert refused.value.message == ("Skriv, hvorfor skolen fritages; begrundelsen vises på statusoverblikket.")


def test_a_file_that_comes_with_a_delivery_is_named_in_the_log(installation: Installation) -> None:
    file = installation.files.keep("Plan 2026.pdf", [b"%PDF"])
    deliver(installation, OF_AARBY.key, Submission({"percent": "5"}, "Leder", file), now=NOW)
    with installation.store.read() as connection:
        (event,) = log.events(connection)
    assert event.detail == "udgave 1, Plan 2026.pdf"


def test_errors_of_input_and_of_operation_end_with_codes_of_their_own() -> None:
    assert (UserError.exit_code, OperationError.exit_code) == (2, 1)
