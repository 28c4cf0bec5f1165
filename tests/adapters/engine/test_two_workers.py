"""The same deployments from a work pool: one server, two workers, the store on PostgreSQL, nothing sent twice."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlalchemy import select

from kvalitet.adapters.engine.deployments import deployments
from kvalitet.adapters.engine.registering import deploy
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, log, outbox
from kvalitet.adapters.store.outbox import NewMail
from kvalitet.adapters.store.tables import schema
from kvalitet.outgoing import MailState
from tests.supervisor.processes import answers, running, settings_in, wait_until, with_prefect

# Prefect's client leaves sockets to the collector.
pytestmark = [pytest.mark.slow, pytest.mark.postgresql, pytest.mark.filterwarnings("ignore::ResourceWarning")]
MAILS = 60
# What ends in the same way on every day of the year: the workers read the real clock.
STARTED = ("plan_year/kvalitet", "send_mail/kvalitet", "read_replies/kvalitet", "send_mail/kvalitet")


@pytest.fixture
def settings(postgres_url: str, tmp_path: Path) -> Settings:
    """Give an installation on PostgreSQL with mails waiting."""
    store = Store.open(postgres_url)
    with store.write() as connection:
        for number in range(MAILS):
            assert outbox.enqueue(connection, a_mail(number), now=datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    store.close()
    return settings_in(tmp_path, database_url=postgres_url)


@pytest.fixture
def workers(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run a server and two workers, each of which takes one run at a time."""
    variables = with_prefect(settings)
    api = variables["PREFECT_API_URL"]
    monkeypatch.delenv("PREFECT_HOME")  # the tests' own; `deploy` uses the installation's
    worker = ("prefect", "worker", "start", "--pool", "kvalitet", "--limit", "1", "--name")
    with ExitStack() as stack:
        stack.enter_context(running("prefect", "server", "start", env=variables, log=tmp_path / "server.log"))
        wait_until(lambda: answers(f"{api}/health"), seconds=60, what="Prefects server svarer ikke")
        assert deploy(settings) == tuple(each.full_name for each in deployments())
        for name in ("arbejder-1", "arbejder-2"):
            stack.enter_context(running(*worker, name, env=variables, log=tmp_path / f"{name}.log"))
        with temporary_settings({PREFECT_API_URL: api}):
            yield


def a_mail(number: int) -> NewMail:
    message_id = f"<proeve-{number}@kalundborg.example>"
    head = f"From: kvalitet@kalundborg.example\r\nTo: skole@kalundborg.example\r\nMessage-ID: {message_id}\r\n"
    return NewMail(
        municipality="kalundborg",
        key=f"proeve:{number}",
        template="receipt",
        recipient="skole@kalundborg.example",
        recipient_name="Skolen",
        subject="Kvittering",
        message_id=message_id,
        content=f"{head}Subject: Kvittering\r\n\r\nTak.\r\n".encode(),
        about={},
    )


async def started_and_ended() -> list[FlowRun]:
    """Start the runs all at once, and wait until each has come to its end."""
    async with get_client() as client, asyncio.timeout(120):
        found = [await client.read_deployment_by_name(name) for name in STARTED]
        runs = [await client.create_flow_run_from_deployment(each.id) for each in found]
        while True:
            now = [await client.read_flow_run(run.id) for run in runs]
            if all(run.state and run.state.is_final() for run in now):
                return now
            await asyncio.sleep(0.5)


def test_two_workers_share_the_runs_and_send_every_mail_once(settings: Settings, workers: None) -> None:
    plan, mail, replies, another_mail = asyncio.run(started_and_ended())
    assert [run.state and run.state.name for run in (plan, replies)] == ["Completed", "Completed"]
    # Of two runs of send_mail at once, Prefect may drop one; the one at work sends for both.
    assert {run.state and run.state.name for run in (mail, another_mail)} <= {"Completed", "Cancelled"}
    store = Store.open(settings.store_url)
    with store.read() as connection:
        states = outbox.counts(connection)
        sent_events = log.events(connection, event="mail_sent")
        occurrences = connection.execute(select(schema.occurrence.c.key)).all()
    store.close()
    laid = [message_from_bytes(file.read_bytes())["Message-ID"] for file in (settings.home / "mailbox").glob("*.eml")]
    assert set(states) <= {MailState.SENT, MailState.CANCELLED}
    assert states[MailState.SENT] == len(laid) == len(sent_events) >= MAILS
    assert Counter(laid).most_common(1)[0][1] == 1
    assert occurrences
