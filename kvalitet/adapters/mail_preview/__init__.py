"""Mail preview: who gets what on a day, as things stand now, and why somebody gets nothing."""

from kvalitet.adapters.mail_preview.lines import Line, Preview
from kvalitet.adapters.mail_preview.previewing import letter, preview

__all__ = ["Line", "Preview", "letter", "preview"]
