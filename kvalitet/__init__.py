"""Kvalitet: kører kommunens årshjul for kvalitetsarbejdet i skolerne."""
