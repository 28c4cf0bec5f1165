"""Uddannelsesstatistik.dk (Styrelsen for It og Læring) som datakilde; `cubes.yaml` siger, hvor nøgletallene ligger."""
