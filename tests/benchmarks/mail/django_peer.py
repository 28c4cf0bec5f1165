"""A peer at work: django-mailer or django-post_office fills its queue, says so, and drains it when it is told to.

Runs in an environment of its own, since neither Django nor they belong to the product:
`python django_peer.py PACKAGE PORT DATABASE MAILS BATCH`.
"""

import json
import logging
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

PACKAGE, PORT, DATABASE, MAILS, BATCH = sys.argv[1:]
SMTP = "django.core.mail.backends.smtp.EmailBackend"
TOGETHER = 500
# As the product's own SQLite: a write-ahead log, and no commit that the disk has not taken.
SETTINGS = {
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    "transaction_mode": "IMMEDIATE",
}


def configure() -> None:
    """Set Django up with one package, one database and one connection to the mail server."""
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", PACKAGE],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE, "OPTIONS": SETTINGS}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="mailer.backend.DbBackend" if PACKAGE == "mailer" else SMTP,
        MAILER_EMAIL_BACKEND=SMTP,
        MAILER_LOCK_PATH=f"{DATABASE}.lock",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=int(PORT),
        POST_OFFICE={"BATCH_SIZE": int(BATCH), "THREADS_PER_PROCESS": 1, "LOCK_FILE_NAME": f"{DATABASE}.lock"},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)


def fill_mailer(mails: list[dict[str, str]]) -> None:
    """Put the mails into django-mailer's queue, as a program that uses it does."""
    from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: PLC0415 -- after the settings

    messages = []
    for mail in mails:
        message = EmailMultiAlternatives(mail["subject"], mail["text"], mail["from"], [mail["to"]])
        message.attach_alternative(mail["html"], "text/html")
        messages.append(message)
    for start in range(0, len(messages), TOGETHER):
        get_connection().send_messages(messages[start : start + TOGETHER])


def fill_post_office(mails: list[dict[str, str]]) -> None:
    """Put the mails into django-post_office's queue, as a program that uses it does."""
    from post_office import mail as office  # noqa: PLC0415 -- after the settings

    wanted = [
        {
            "recipients": [mail["to"]],
            "sender": mail["from"],
            "subject": mail["subject"],
            "message": mail["text"],
            "html_message": mail["html"],
        }
        for mail in mails
    ]
    for start in range(0, len(wanted), TOGETHER):
        office.send_many(wanted[start : start + TOGETHER])


def drain() -> None:
    """Send all that waits."""
    if PACKAGE == "mailer":
        from mailer.engine import send_all  # noqa: PLC0415 -- after the settings

        send_all()
    else:
        from post_office.mail import send_queued_mail_until_done  # noqa: PLC0415 -- after the settings

        send_queued_mail_until_done(lockfile=f"{DATABASE}.run")


def marked() -> int:
    """Count what the database says is sent."""
    if PACKAGE == "mailer":
        from mailer.models import Message, MessageLog  # noqa: PLC0415 -- after the settings

        return 0 if Message.objects.exists() else int(MessageLog.objects.filter(result="1").count())
    from post_office.models import STATUS, Email  # noqa: PLC0415 -- after the settings

    return int(Email.objects.filter(status=STATUS.sent).count())


if __name__ == "__main__":
    configure()
    lines = Path(MAILS).read_text(encoding="utf-8").splitlines()
    fill = fill_mailer if PACKAGE == "mailer" else fill_post_office
    fill([json.loads(line) for line in lines])
    print("ready", flush=True)  # noqa: T201 -- how it talks to the benchmark
    sys.stdin.readline()
    drain()
    print("drained", flush=True)  # noqa: T201 -- as above
    sys.stdin.readline()
    print(marked(), flush=True)  # noqa: T201 -- as above
