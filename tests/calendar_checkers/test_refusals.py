"""Each checker can say no: an invitation that is broken in one way is refused by those who look there."""

from collections.abc import Callable

import pytest

from kvalitet.adapters.mail.calendar_part import calendar_part
from kvalitet.invites import Method
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, KALUNDBORG
from tests.calendar_checkers.broken import CANCELLATIONS, INVITATIONS, Break
from tests.calendar_checkers.checking import Checker, Said
from tests.calendar_checkers.cycle import SUMMER
from tests.calendar_checkers.radicale_server import Radicale


@pytest.fixture
def judges(
    libical: Checker, icaljs: Checker, kcalendarcore: Checker, radicale: Radicale
) -> dict[str, Callable[..., list[Said]]]:
    """Give all four by name."""
    return {"libical": libical, "icaljs": icaljs, "kcalendarcore": kcalendarcore, "radicale": radicale}


def written(method: Method) -> bytes:
    sequence = 1 if method is Method.CANCEL else 0
    return calendar_part(samples.invite(method, slot=SUMMER, sequence=sequence), KALUNDBORG.sender, AARBY.leader)


def refusing(judges: dict[str, Callable[..., list[Said]]], calendar: bytes) -> set[str]:
    return {name for name, judge in judges.items() if judge(calendar)[0].errors}


@pytest.mark.parametrize(("spoil", "names"), INVITATIONS.values(), ids=INVITATIONS)
def test_a_broken_invitation_is_refused(
    spoil: Break, names: set[str], judges: dict[str, Callable[..., list[Said]]]
) -> None:
    whole = written(Method.REQUEST)
    assert refusing(judges, whole) == set()
    assert refusing(judges, spoil(whole)) == names


@pytest.mark.parametrize(("spoil", "names"), CANCELLATIONS.values(), ids=CANCELLATIONS)
def test_a_broken_cancellation_is_refused(
    spoil: Break, names: set[str], judges: dict[str, Callable[..., list[Said]]]
) -> None:
    whole = written(Method.CANCEL)
    assert refusing(judges, whole) == set()
    assert refusing(judges, spoil(whole)) == names
