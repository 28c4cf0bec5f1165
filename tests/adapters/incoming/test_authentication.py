"""Whom our mail server vouches for (RFC 8601)."""

from email import message_from_string
from email.message import EmailMessage
from email.policy import default

import pytest

from kvalitet.adapters.incoming.authentication import EXCHANGE_ONLINE, is_vouched_for

OURS = "mx.kommune.example"
SENDER = "leder@skole.kommune.example"
EXCHANGE = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=skole.kommune.example; dkim=none (message not signed)"


def mail(*results: str, **headers: str) -> EmailMessage:
    written = [f"Authentication-Results: {result}\n" for result in results]
    written += [f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items()]
    found = message_from_string("".join(written) + "\n", policy=default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize(
    "result",
    [
        "dmarc=pass (p=none dis=none) header.from=skole.kommune.example",
        "spf=fail smtp.mailfrom=x.example; dkim=pass header.d=kommune.example header.s=s1",
        "dkim=pass header.i=@skole.kommune.example",
        "spf=pass smtp.mailfrom=bounces@post.skole.kommune.example",
        "DMARC = pass\n header.from=Skole.Kommune.Example",
    ],
)
def test_a_pass_for_the_senders_own_domain_is_enough(result: str) -> None:
    assert is_vouched_for(mail(f"{OURS}; {result}"), SENDER, OURS)
    assert is_vouched_for(mail(f"{OURS} 1; {result}"), SENDER, OURS)


@pytest.mark.parametrize(
    "result",
    [
        "none",
        "dmarc=fail header.from=skole.kommune.example",
        "dmarc=pass header.from=fremmed.example",
        "dmarc=pass",
        "dkim=pass header.d=fremmed.example",
        "dkim=pass header.d=example",
        "dkim=pass header.d=andenskole.kommune.example",
        "dkim=pass header.d=le.kommune.example",
        "dkim=fail header.d=skole.kommune.example",
        "dkim=pass",
        "spf=pass smtp.mailfrom=nogen@fremmed.example",
        "spf=softfail smtp.mailfrom=skole.kommune.example",
        "auth=pass smtp.auth=leder@skole.kommune.example",
        "spf=fail (dmarc=pass header.from=skole.kommune.example) smtp.mailfrom=x.example",
        "spf=fail (a (b; dmarc=pass header.from=skole.kommune.example) c) smtp.mailfrom=x.example",
        'spf=fail reason="; dmarc=pass header.from=skole.kommune.example" smtp.mailfrom=x.example',
        "spf=fail (; dmarc=pass header.from=skole.kommune.example",
        "dmarc=pass header.from=skole.kommune.example " + "x" * 4000,
        r"spf=fail (\); dmarc=pass header.from=skole.kommune.example; (\()) smtp.mailfrom=x.example",
        "dkim=pass header.d=kommune.example; dmarc=fail header.from=skole.kommune.example",
    ],
)
def test_anything_else_is_not(result: str) -> None:
    assert not is_vouched_for(mail(f"{OURS}; {result}"), SENDER, OURS)


def test_only_the_topmost_of_our_own_server_counts() -> None:
    passed, failed = (f"{OURS}; dmarc={result} header.from=skole.kommune.example" for result in ("pass", "fail"))
    foreign = passed.replace(OURS, "mx.fremmed.example")
    assert is_vouched_for(mail(foreign, passed, failed), SENDER, OURS)
    assert not is_vouched_for(mail(failed, passed), SENDER, OURS)
    assert not is_vouched_for(mail(foreign), SENDER, OURS)
    assert is_vouched_for(mail(passed), SENDER, OURS.upper())


def test_nobody_is_vouched_for_by_a_server_without_a_name_or_without_a_sender() -> None:
    passed = mail(f"{OURS}; dmarc=pass header.from=skole.kommune.example")
    assert not is_vouched_for(passed, SENDER, "")
    assert not is_vouched_for(passed, "", OURS)
    assert not is_vouched_for(mail("; dmarc=pass header.from=skole.kommune.example"), SENDER, "")


def test_exchange_online_writes_no_name() -> None:
    assert is_vouched_for(mail(EXCHANGE), SENDER, EXCHANGE_ONLINE)
    assert not is_vouched_for(mail(EXCHANGE), SENDER, OURS)
    assert not is_vouched_for(mail(EXCHANGE.replace("spf=pass", "spf=fail")), SENDER, EXCHANGE_ONLINE)
    assert not is_vouched_for(mail(EXCHANGE.replace("spf=pass", "spf=fail"), EXCHANGE), SENDER, EXCHANGE_ONLINE)
    assert not is_vouched_for(mail(f"mx.fremmed.example; {EXCHANGE}"), SENDER, EXCHANGE_ONLINE)
    assert not is_vouched_for(mail(), SENDER, EXCHANGE_ONLINE)


def test_exchange_online_vouches_for_those_of_its_own_house() -> None:
    within = mail(X_MS_Exchange_Organization_AuthAs="Internal")
    assert is_vouched_for(within, SENDER, EXCHANGE_ONLINE)
    assert not is_vouched_for(within, SENDER, OURS)
    assert not is_vouched_for(mail(X_MS_Exchange_Organization_AuthAs="Anonymous"), SENDER, EXCHANGE_ONLINE)
