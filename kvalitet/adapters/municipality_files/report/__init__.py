"""The report: how municipality.yaml says that the yearly report is to be."""
