"""Delivering: what stands around a delivery: drafts, last year's promises and answers, figures, decisions, scanning."""
