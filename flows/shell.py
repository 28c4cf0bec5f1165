"""The shell that the flows share: opens the installation, reads the clock once, and tells Prefect how it went."""

from __future__ import annotations

import asyncio
import traceback
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from prefect import runtime
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from flows.outcome import Outcome
from flows.reporting import masked, publish
from kvalitet.adapters import clock
from kvalitet.adapters.errors import ShownError
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from kvalitet.municipality import Municipality

Ended: TypeAlias = State[Any]
ALL = "alle kommuner"
# Prefect may start a run up to half a second before its time; a day's turn must still see that day.
EARLIEST_START = timedelta(seconds=5)


@dataclass(frozen=True)
class Report:
    """Melding: how one part of a run went, in sentences without addresses."""

    where: str
    summary: str
    failures: tuple[str, ...] = ()


async def perform(title: str, run: Callable[..., Outcome], *, municipality: str = ALL, **given: object) -> Ended:
    """Run a flow's plain part for one or every municipality; one that fails does not stop the others."""
    now = started_at()
    async with opened() as installation:
        chosen = choose(installation, municipality)
        return conclude([await attend(title, run, installation, each, now=now, **given) for each in chosen])


async def attend(
    title: str, run: Callable[..., Outcome], installation: Installation, municipality: Municipality, **given: object
) -> Report:
    """Run a plain part for one municipality and leave its outcome in Prefect."""
    outcome = await guarded(lambda: asyncio.to_thread(run, installation, municipality, **given))
    await publish(runtime.flow_run.flow_name or title, title, outcome, municipality)
    failures = tuple(masked(failure, municipality) for failure in outcome.failures)
    return Report(municipality.name, masked(outcome.summary, municipality), failures)


async def guarded(work: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Make a failure of any kind an outcome that says so, so that the rest of the run goes on."""
    try:
        return await work()
    except ShownError as error:
        return Outcome("Mislykkedes.", failures=(error.message,))
    except Exception as error:  # noqa: BLE001 -- whatever it is, the other municipalities are to have their turn
        # The frames without the message: the message of a database error carries values, which may be personal.
        get_run_logger().error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        sentence = f"Uventet fejl ({type(error).__name__}); se kørslens log, og meld den til udviklerne."
        return Outcome("Mislykkedes.", failures=(sentence,))


def conclude(reports: Sequence[Report]) -> Ended:
    """Log what was done, and end the run as completed or as failed with the Danish sentences."""
    for report in reports:
        get_run_logger().info("%s: %s", report.where, report.summary)
    failures = [f"{report.where}: {failure}" for report in reports for failure in report.failures]
    for failure in failures:
        get_run_logger().error(failure)
    if failures:
        return Failed(message=" ".join(failures))
    return Completed(message=" ".join(f"{report.where}: {report.summary}" for report in reports))


@asynccontextmanager
async def opened() -> AsyncIterator[Installation]:
    """Open the installation that the environment names, and let go of its database afterwards."""
    installation = await asyncio.to_thread(lambda: Installation.open(Settings.read()))
    try:
        yield installation
    finally:
        installation.store.close()


def choose(installation: Installation, municipality: str) -> tuple[Municipality, ...]:
    """Give the municipality with a key, or all of them."""
    return installation.municipalities if municipality == ALL else (installation.municipality(municipality),)


def started_at() -> datetime:
    """Read the clock once, and never as earlier than the time for which the run was scheduled."""
    now = clock.now()
    scheduled = runtime.flow_run.scheduled_start_time
    if scheduled and now < scheduled <= now + EARLIEST_START:
        return datetime.fromtimestamp(scheduled.timestamp(), tz=UTC)
    return now
