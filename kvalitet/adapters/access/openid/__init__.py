"""OpenID Connect: people let in by the municipality's own login, such as Entra ID."""
