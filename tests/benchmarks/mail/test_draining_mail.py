import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

import pytest

from kvalitet.adapters.store import Store, outbox
from kvalitet.outgoing import MailState, Rules
from tests import databases
from tests.benchmarks.mail import peers, sides, smtp
from tests.benchmarks.mail.peers import Peer
from tests.benchmarks.mail.reminders import MADE_AT, RENDERER, Waiting
from tests.benchmarks.mail.sides import Side
from tests.benchmarks.measuring import Counted, Measured, peak

MAILS, FEW = 10_000, 1_000
ROUNDS = 2
KILLED_MAILS = 1_000
# Seconds that a worker lives at most; every twenty kills make it as much longer, so that a slow machine ends too.
LONGEST_LIFE = 0.2
# A mail that may have arrived is sent again within a day of its making; each worker lives a little over a lease later.
MOST_KILLS = 120
LATER = Rules().lease + timedelta(minutes=1)
WORKER = [sys.executable, "-m", "tests.benchmarks.mail.draining_worker"]
ROOT = Path(__file__).parents[3]

Keep = Callable[[Measured], None]
KeepCount = Callable[[Counted], None]


@pytest.fixture(scope="module")
def python_of_peers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    smtp.tool("smtp-source")
    return peers.environment(tmp_path_factory.mktemp("peers") / "venv")


@pytest.fixture
def sink() -> Iterator[smtp.Sink]:
    with smtp.sink() as running:
        yield running


def test_ten_thousand_waiting_mails_are_drained_beside_the_limit_and_two_peers(
    sink: smtp.Sink, python_of_peers: Path, migrated_sqlite: Path, tmp_path: Path, keep: Keep, keep_count: KeepCount
) -> None:
    waiting = Waiting.of(MAILS)
    mails = waiting.export(tmp_path / "mails.jsonl")
    size = len(RENDERER.render(waiting.messages[0], now=MADE_AT).content)
    own = sides.ours("kvalitet", waiting, tmp_path, migrated_sqlite, sink.port)
    others = [
        sides.bare("smtp-source", MAILS, size, sink.port),
        sides.theirs("django-mailer", Peer(python_of_peers, "mailer"), mails, sink.port),
        sides.theirs("django-post_office, 100 ad gangen", Peer(python_of_peers, "post_office", 100), mails, sink.port),
    ]
    race(sink, own, others)

    few = sides.ours("kvalitet", Waiting.of(FEW), made(tmp_path / "few"), migrated_sqlite, sink.port)
    memory = peak(lambda: few.start()[0])
    tell(own, others, "10.000 ventende mails sendt", MAILS, memory, keep, keep_count)


def test_a_peer_that_marks_each_mail_pays_for_it(
    sink: smtp.Sink, python_of_peers: Path, migrated_sqlite: Path, tmp_path: Path, keep: Keep, keep_count: KeepCount
) -> None:
    waiting = Waiting.of(FEW)
    mails = waiting.export(tmp_path / "mails.jsonl")
    own = sides.ours("kvalitet", waiting, tmp_path, migrated_sqlite, sink.port)
    one_by_one = Peer(python_of_peers, "post_office", 1)
    other = sides.theirs("django-post_office, 1 ad gangen", one_by_one, mails, sink.port)
    race(sink, own, [other])

    memory = peak(lambda: own.start()[0])
    tell(own, [other], "1.000 ventende mails sendt", FEW, memory, keep, keep_count)


def race(sink: smtp.Sink, own: Side, others: list[Side]) -> None:
    for _ in range(ROUNDS):
        for side in (own, *others):
            side.run(sink)


def tell(  # noqa: PLR0917 -- the two tests' common end
    own: Side, others: list[Side], what: str, mails: int, memory: float, keep: Keep, keep_count: KeepCount
) -> None:
    assert (own.arrived, own.marked) == (mails * ROUNDS, mails * ROUNDS)
    keep_count(own.counted(mails))
    for other in others:
        assert other.arrived == mails * ROUNDS
        keep(Measured(f"{what}, SQLite", other.name, min(own.seconds), min(other.seconds), mails, memory))
        keep_count(other.counted(mails))


def test_workers_that_are_killed_at_any_moment_lose_nothing(
    migrated_sqlite: Path, tmp_path: Path, keep_count: KeepCount
) -> None:
    waiting = Waiting.of(KILLED_MAILS)
    database = databases.copy_of_sqlite(migrated_sqlite, tmp_path / "killed.sqlite")
    store = Store.open(database)
    waiting.fill(store)

    kills = 0
    with smtp.keeping_sink() as sink:
        while marked(store) < KILLED_MAILS:
            assert kills < MOST_KILLS
            kills += killed(database, sink.port, MADE_AT + kills * LATER, LONGEST_LIFE * (1 + kills / 20))
        arrived = sink.message_ids()
    with store.read() as connection:
        sent = {mail.message_id for mail in outbox.mails(connection, contents=False)}
    store.close()

    lost = len(sent - arrived.keys())
    doubled = arrived.total() - len(arrived)
    keep_count(Counted("kvalitet, dræbt igen og igen", KILLED_MAILS, arrived.total(), len(sent), kills, lost, doubled))
    assert kills > 5
    assert lost == 0
    assert arrived.keys() == sent
    assert doubled <= kills


def killed(database: str, port: int, now: datetime, longest_life: float) -> int:
    """Let a worker live for a moment (seconds); tell whether (1) it was killed before it had nothing left to do."""
    command = [*WORKER, database, str(port), now.isoformat()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        sleep(random.uniform(0, longest_life))  # noqa: S311 -- any moment will do
        is_running = worker.poll() is None
        worker.kill()
    return int(is_running)


def marked(store: Store) -> int:
    with store.read() as connection:
        return outbox.counts(connection).get(MailState.SENT, 0)


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder
