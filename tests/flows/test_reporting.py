import re

from flows.reporting import artifact_key, masked
from kvalitet.adapters.municipality_files import load
from kvalitet.adapters.settings import CHECKOUT

KALUNDBORG = load(CHECKOUT / "deployments" / "kalundborg")


def test_a_leaders_address_becomes_the_school() -> None:
    school = KALUNDBORG.schools[0]
    assert masked(f"Til {school.leader.address}.", KALUNDBORG) == f"Til skolelederen på {school.name}"


def test_a_contacts_address_becomes_the_role_and_a_strangers_nobody() -> None:
    director = next(contact for contact in KALUNDBORG.contacts if contact.role == "director")
    told = masked(f"<{director.address}>, en.fremmed@andetsteds.example", KALUNDBORG)
    assert told == "<direktøren>, en modtager"


def test_no_contact_of_the_municipality_keeps_an_address() -> None:
    addresses = [contact.address for contact in (*KALUNDBORG.contacts, *(s.leader for s in KALUNDBORG.schools))]
    assert "@" not in masked(" ".join(addresses), KALUNDBORG)


def test_a_key_is_one_that_prefect_accepts() -> None:
    assert artifact_key("follow_up", "kalundborg") == "follow-up-kalundborg"
    assert re.fullmatch(r"[a-z0-9-]+", artifact_key("turn_wheel", "By_2"))
