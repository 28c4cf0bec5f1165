"""Icons of the states: a shape each, so that no state is told by colour alone."""

from __future__ import annotations

from markupsafe import Markup

from kvalitet.status import State

_SHAPES = {
    State.NOT_OPEN: '<circle cx="8" cy="8" r="5.5"/>',
    State.OPEN: '<circle cx="8" cy="8" r="5.5"/><path class="solid" d="M8 2.5a5.5 5.5 0 0 1 0 11z"/>',
    State.DUE_SOON: '<circle cx="8" cy="8" r="6"/><path d="M8 4.6V8.2l2.4 1.6"/>',
    State.OVERDUE: '<path d="M8 1.8 14.6 13.6H1.4z"/><path d="M8 6v3.6M8 11.5v.3"/>',
    State.DELIVERED: '<path d="M2.8 8.6 6.4 12 13.2 4.6"/>',
    State.SENT_BACK: '<path d="M6 3.4 2.6 6.8 6 10.2M2.8 6.8h6.6a3.4 3.4 0 0 1 0 6.6H7"/>',
    State.APPROVED: '<path d="M1.6 8.8 4.6 11.6 10 5M7.6 11.2l.6.5L14.4 5"/>',
    State.WAIVED: '<circle cx="8" cy="8" r="5.8"/><path d="M5 8h6"/>',
    State.PROPOSED: '<path stroke-dasharray="2 1.6" d="M8 1.8 14.2 8 8 14.2 1.8 8z"/>',
    State.BOOKED: '<path class="solid" d="M8 1.8 14.2 8 8 14.2 1.8 8z"/>',
    State.HELD: '<path d="M8 1.4 14.6 8 8 14.6 1.4 8z"/><path d="M5.2 8.2 7.2 10 10.8 6.2"/>',
    State.CANCELLED: '<path d="M3.4 3.4 12.6 12.6M12.6 3.4 3.4 12.6"/>',
    State.PUBLISHED: '<path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.8 13.4h10.4"/>',
    State.RUNNING: '<path class="solid" d="M4.4 2.6 13 8l-8.6 5.4z"/>',
    State.ENDED: '<path d="M3.4 14.4V2.2h8.8L9.8 5.4l2.4 3.2H3.4"/>',
}

_FRAME = 'class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"'
ICONS = {
    state: Markup(f"<svg {_FRAME}>{shape}</svg>")  # noqa: S704 -- our own shapes
    for state, shape in _SHAPES.items()
}
