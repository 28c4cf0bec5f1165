"""A municipality whose people log in through an identity provider of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from kvalitet.adapters.installation import Installation
from kvalitet.municipality import Login
from tests.web.access.identity_provider import CLIENT, SECRET, IdentityProvider, served_provider
from tests.web.conftest import Browser, browsing


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with served_provider() as served:
        yield served


@pytest.fixture
def installation(installation: Installation, provider: IdentityProvider) -> Installation:
    """Give the installation with the municipality's own login beside the links."""
    login = Login(by_mail=True, issuer=provider.issuer, client_id=CLIENT)
    municipality = replace(installation.municipalities[0], login=login)
    settings = installation.settings.model_copy(update={"openid_secrets": {"proeveby": SecretStr(SECRET)}})
    return replace(installation, settings=settings, municipalities=(municipality,))


@pytest.fixture
def stranger(installation: Installation) -> Iterator[Browser]:
    """Give a browser that nobody is logged in with."""
    with browsing(installation, "") as browser:
        yield browser
