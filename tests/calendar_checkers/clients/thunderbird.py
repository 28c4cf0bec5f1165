"""Thunderbird on a screen of its own, with one account, one calendar, and its remote control."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TypeVar

from tests.calendar_checkers.clients.marionette import Marionette
from tests.calendar_checkers.clients.servers import PASSWORD

Found = TypeVar("Found")
PATIENCE = 60
MAIL_SERVICES = "const { MailServices } = ChromeUtils.importESModule('resource:///modules/MailServices.sys.mjs');"
LOG_IN = (
    MAIL_SERVICES
    + """
const server = MailServices.accounts.getAccount("account1").incomingServer;
server.password = arguments[0];
window.resizeTo(1500, 950);
window.TodayPane?.setPane?.(null);
document.getElementById("today-pane-panel")?.setAttribute("collapsed", "true");
return server.username;
"""
)
# Opens the newest mail in the inbox, as a click on it would; gives its subject, or nothing when it has not come.
OPEN = (
    MAIL_SERVICES
    + """
const inbox = MailServices.accounts.getAccount("account1").incomingServer.rootFolder.getFolderWithFlags(
  Ci.nsMsgFolderFlags.Inbox);
if (!inbox) { return ""; }
inbox.updateFolder(null);
const mails = [...inbox.messages];
if (mails.length < arguments[0]) { return ""; }
const newest = mails.reduce((one, other) => (one.messageKey > other.messageKey ? one : other));
const pane = window.document.getElementById("tabmail").currentAbout3Pane;
if (pane.gFolder !== inbox) { pane.displayFolder(inbox.URI); }
pane.selectMessage(newest);
return newest.mime2DecodedSubject;
"""
)
# What the bar above the mail says, and the buttons that it shows.
BAR = """
const page = window.document.getElementById("tabmail").currentAboutMessage;
const bar = page?.document.querySelector(".calendar-notification-bar");
if (!bar || bar.collapsed) { return null; }
const shown = [...page.document.querySelectorAll("#imip-view-toolbar toolbarbutton")].filter((one) => !one.hidden);
return { text: bar.querySelector(".msgNotificationBarText").textContent, buttons: shown.map((one) => one.id) };
"""
PRESS = """
const page = window.document.getElementById("tabmail").currentAboutMessage;
const button = page.document.getElementById(arguments[0]);
button.doCommand();
return button.label;
"""
EVENTS = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const [calendar] = cal.manager.getCalendars();
window.kvalitetEvents ??= null;
calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null).then((items) => {
  window.kvalitetEvents = items.map((item) => ({
    title: item.title, starts: item.startDate.nativeTime / 1000000, ends: item.endDate.nativeTime / 1000000,
    status: item.status,
  }));
});
return window.kvalitetEvents;
"""


def settings(address: str, imap: int, smtp: int) -> dict[str, object]:
    """Give the preferences of a person with one mailbox, who has seen all welcomes."""
    return {
        "mail.accountmanager.accounts": "account1",
        "mail.accountmanager.defaultaccount": "account1",
        "mail.account.account1.identities": "id1",
        "mail.account.account1.server": "server1",
        "mail.identity.id1.fullName": "Skoleleder",
        "mail.identity.id1.useremail": address,
        "mail.identity.id1.smtpServer": "smtp1",
        "mail.identity.id1.fcc": False,
        "mail.identity.id1.valid": True,
        "mail.server.server1.type": "imap",
        "mail.server.server1.hostname": "127.0.0.1",
        "mail.server.server1.port": imap,
        "mail.server.server1.userName": address,
        "mail.server.server1.name": address,
        "mail.server.server1.socketType": 0,
        "mail.server.server1.authMethod": 3,
        "mail.server.server1.login_at_startup": False,
        "mail.smtpservers": "smtp1",
        "mail.smtp.defaultserver": "smtp1",
        "mail.smtpserver.smtp1.type": "smtp",
        "mail.smtpserver.smtp1.hostname": "127.0.0.1",
        "mail.smtpserver.smtp1.port": smtp,
        "mail.smtpserver.smtp1.authMethod": 1,
        "mail.smtpserver.smtp1.try_ssl": 0,
        "mail.smtpserver.smtp1.hello_argument": "client.example",
        "calendar.registry.home.type": "storage",
        "calendar.registry.home.uri": "moz-storage-calendar://",
        "calendar.registry.home.name": "Kalender",
        "calendar.registry.home.calendar-main-in-composite": True,
        "calendar.registry.home.imip.identity.key": "id1",
        "calendar.list.sortOrder": "home",
        "calendar.timezone.local": "Europe/Copenhagen",
        "calendar.timezone.useSystemTimezone": False,
        "marionette.port": 0,
        "app.donation.eoy.version.viewed": 999,
        "app.update.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "mail.provider.suppress_dialog_on_startup": True,
        "mail.rights.version": 1,
        "mail.spotlight.firstRunDone": True,
        "mail.shell.checkDefaultClient": False,
        "mailnews.start_page.enabled": False,
        "mail.chat.enabled": False,
        "network.proxy.type": 0,
        "toolkit.telemetry.enabled": False,
    }


@contextmanager
def thunderbird(folder: Path, preferences: dict[str, object]) -> Iterator[Marionette]:
    """Run Thunderbird under Xvfb with its profile in `folder`, until the caller is done."""
    profile = folder / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
    (profile / "user.js").write_text("".join(lines))
    with screen() as display:
        environment = os.environ | {"DISPLAY": display, "HOME": str(folder), "LANG": "C.UTF-8"}
        environment |= {"MOZ_CRASHREPORTER_DISABLE": "1", "MOZ_ENABLE_WAYLAND": "0", "NO_AT_BRIDGE": "1"}
        command = [
            "thunderbird",
            "--no-remote",
            "--profile",
            str(profile),
            "--marionette",
            "--remote-allow-system-access",
        ]
        log = (folder / "thunderbird.log").open("wb")
        with log, subprocess.Popen(command, env=environment, stdout=log, stderr=log) as program:
            try:
                port = wait_for("Thunderbirds fjernstyring", lambda: _port(profile))
                remote = Marionette(port)
                remote.run(LOG_IN, PASSWORD)
                yield remote
                remote.close()
            finally:
                program.terminate()


@contextmanager
def screen() -> Iterator[str]:
    """Run a screen that nobody sees, under the first free number."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as pipe:
                yield f":{pipe.readline().strip()}"
        finally:
            server.terminate()


def wait_for(what: str, look: Callable[[], Found | None]) -> Found:
    """Look again and again until something is there, and say what was not when patience ends."""
    until, pause = monotonic() + PATIENCE, Event()
    while monotonic() < until:
        if (found := look()) is not None:
            return found
        pause.wait(0.2)
    raise TimeoutError(f"{what} kom ikke inden for {PATIENCE} sekunder.")


def _port(profile: Path) -> int | None:
    file = profile / "MarionetteActivePort"
    return int(file.read_text()) if file.exists() and file.read_text() else None
