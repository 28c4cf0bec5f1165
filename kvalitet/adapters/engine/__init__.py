"""The engine: Prefect, which wakes us and shows the runs. All that is to know of it beside the flows lies here."""
