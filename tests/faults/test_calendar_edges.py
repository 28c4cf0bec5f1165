"""Row 13: the days on which calendars break, with the wheel turned every hour of the days around each of them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows import follow_up, plan_year
from kvalitet.adapters.store import Store, outbox, plans
from kvalitet.days import SchoolYear
from tests.adapters.installed import installation
from tests.builders import AARBY, activity, municipality

HOUR = timedelta(hours=1)
# The day the activity opens, the school year and the instant (UTC) at which the first Danish working day begins.
EDGES = {
    "the night to summer time is a Sunday": ("end-03-28", 2026, "2027-03-28", "2027-03-28T22:00"),
    "the night to winter time is a Sunday": ("start-10-25", 2026, "2026-10-25", "2026-10-25T23:00"),
    "the last of February in a leap year": ("end-02-last", 2027, "2028-02-29", "2028-02-28T23:00"),
    "Thursday of ISO week 53": ("start-12-31", 2026, "2026-12-31", "2026-12-30T23:00"),
    "the Friday of the week 53 that began last year": ("end-01-01", 2026, "2027-01-01", "2026-12-31T23:00"),
    "the last day of a school year": ("end-07-31", 2026, "2027-07-31", "2027-08-01T22:00"),
    "the first day of a school year": ("start-08-01", 2027, "2027-08-01", "2027-08-01T22:00"),
}


@pytest.mark.parametrize("edge", EDGES)
def test_row_13_one_occurrence_and_one_mail_for_the_local_date(store: Store, tmp_path: Path, edge: str) -> None:
    opens, start, day, first_working_hour = EDGES[edge]
    year = SchoolYear(start)
    proeveby = municipality(activity(opens=opens, due="end-07-31" if opens != "end-07-31" else opens), schools=(AARBY,))
    made = installation(store, tmp_path, proeveby)
    plan_year.run(made, proeveby, now=around(day)[0] - timedelta(days=30), school_year=year)

    for now in around(day):
        plan_year.run(made, proeveby, now=now, school_year=year)
        follow_up.run(made, proeveby, now=now)

    with store.read() as connection:
        planned = plans.occurrences(connection, proeveby.key, year)
        mails = outbox.mails(connection)
    assert [(occurrence.school, occurrence.opens) for occurrence in planned] == [("323001", date.fromisoformat(day))]
    assert [(mail.recipient, mail.created_at) for mail in mails] == [
        (AARBY.leader.address, datetime.fromisoformat(first_working_hour).replace(tzinfo=UTC))
    ]


def around(day: str) -> list[datetime]:
    """Give every hour from two days before a day until two days after it."""
    begin = datetime.combine(date.fromisoformat(day) - timedelta(days=2), datetime.min.time(), tzinfo=UTC)
    return [begin + number * HOUR for number in range(4 * 24)]
