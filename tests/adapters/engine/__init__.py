"""Tests of what we tell Prefect."""
