"""Sending at once: what a form has put into the outbox goes out when the answer has been given.

The scheduled run stays the safety net: what is not sent here is sent there.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask

from kvalitet.adapters.mail.patience import Patience
from kvalitet.adapters.mail.sending import send_due, summary

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.web.views import View

logger = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()
_asked = threading.Event()
_patience = Patience()


def afterwards(view: View, clock: Callable[[], datetime]) -> BackgroundTask:
    """Give the task that empties the outbox once the page has been answered."""
    return BackgroundTask(send_now, view.installation, clock)


def send_now(installation: Installation, clock: Callable[[], datetime]) -> None:
    """Empty the outbox; who comes while another is at it leaves word, and the other looks once more."""
    _asked.set()
    while _asked.is_set() and not _patience.is_over and _one_at_a_time.acquire(blocking=False):
        try:
            _asked.clear()
            drained = asyncio.run(send_due(installation, now=clock, patience=_patience))
            logger.info("Sendt straks: %s%s", summary(drained), f" ({drained.stopped})" if drained.stopped else "")
        except Exception:
            logger.exception("Mails kunne ikke sendes straks; den næste kørsel prøver igen.")
        finally:
            _one_at_a_time.release()


def stop() -> None:
    """Let the mail in flight be the last one of this process."""
    _patience.end()
