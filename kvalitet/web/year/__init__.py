"""The year: the wheel, the timeline, the list and what is saved of them, all of the same chosen part of the year."""
