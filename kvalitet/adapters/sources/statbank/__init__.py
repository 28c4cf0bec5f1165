"""Danmarks Statistiks Statistikbank som datakilde; `tables.yaml` siger, hvor nøgletallene ligger."""
