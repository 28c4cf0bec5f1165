"""Settings: what differs between two installations; one file, or the environment."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kvalitet.adapters.errors import UserError
from kvalitet.outgoing import Uncertain

CHECKOUT = Path(__file__).parents[2]
SETTINGS_FILE = "settings.env"
MUNICIPALITIES = "municipalities"
PREFIX = "KVALITET_"
# What sending one mail takes at most, as so many time-outs of the mail server; the transport keeps to it.
TIMEOUTS_PER_MAIL = 3


class SmtpSecurity(StrEnum):
    """Kryptering: how the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class ImapLogin(StrEnum):
    """Adgang: how the mailbox is opened."""

    PASSWORD = "password"  # noqa: S105 -- the setting's value
    XOAUTH2 = "xoauth2"


class Settings(BaseSettings):
    """Indstillinger: read from KVALITET_… in the environment and from settings.env in the home folder."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", hide_input_in_errors=True)

    home: Path = Field(default=Path("var"), description="Mappen med installationens data.")
    municipalities: Path | None = Field(
        default=None, description="Mappen med en undermappe for hver kommune; tom: hjemmemappens egen."
    )
    database_url: str = Field(default="", description="Databasens adresse; tom: en SQLite-fil i hjemmemappen.")
    templates: Path = Field(default=CHECKOUT / "templates" / "email", description="Mappen med mailskabeloner.")
    host: str = Field(default="127.0.0.1", description="Adressen, som statusoverblikket lytter på.")
    port: int = Field(default=8321, ge=0, le=65535, description="Porten, som statusoverblikket lytter på.")
    base_url: str = Field(default="", description="Adressen i links i mails; tom: http://HOST:PORT.")
    prefect_port: int = Field(default=4321, ge=0, le=65535, description="Porten for Prefects server.")
    smtp_host: str = Field(default="", description="Mailserveren; tom: mails lægges i den lokale postkasse.")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="Mailserverens port.")
    smtp_user: str = Field(default="", description="Brugernavn til mailserveren.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Adgangskode til mailserveren.")
    smtp_security: SmtpSecurity = Field(default=SmtpSecurity.STARTTLS, description="none, starttls eller tls.")
    smtp_timeout: float = Field(default=60, gt=0, le=300, description="Sekunder, før mailserveren opgives.")
    mail_lease: int = Field(
        default=600,
        ge=30,
        le=86400,
        description="Sekunder, før en afbrudt mail tages op af en anden.",
    )
    mail_rate: int = Field(default=30, ge=0, description="Højst så mange mails i minuttet; 0: ingen grænse.")
    mail_surge: int = Field(
        default=300, ge=0, description="Flere nye mails på én gang holdes tilbage for en kommune; 0: ingen grænse."
    )
    mail_uncertain: Uncertain = Field(
        default=Uncertain.RESEND,
        description="Når ingen ved, om en mail kom frem: resend (igen) eller ask (spørg).",
    )
    imap_host: str = Field(default="", description="Mailserveren, som svar læses fra; tom: ingen.")
    imap_port: int = Field(default=993, ge=1, le=65535, description="Porten, som svar læses fra.")
    imap_security: SmtpSecurity = Field(default=SmtpSecurity.TLS, description="none, starttls eller tls.")
    imap_folder: str = Field(default="INBOX", description="Mappen i postkassen.")
    imap_timeout: float = Field(default=60, gt=0, le=300, description="Sekunder, før postkassen opgives.")
    imap_user: str = Field(default="", description="Postkassens brugernavn, ofte dens adresse.")
    imap_login: ImapLogin = Field(default=ImapLogin.PASSWORD, description="password eller xoauth2 (Microsoft 365).")
    imap_password: SecretStr = Field(default=SecretStr(""), description="Adgangskode til postkassen.")
    imap_token_url: str = Field(default="", description="Ved xoauth2: adressen, som giver adgang.")
    imap_client_id: str = Field(default="", description="Ved xoauth2: programmets id.")
    imap_client_secret: SecretStr = Field(default=SecretStr(""), description="Ved xoauth2: programmets hemmelighed.")
    imap_scope: str = Field(
        default="https://outlook.office365.com/.default", description="Ved xoauth2: det, der bedes om adgang til."
    )
    authserv_id: str = Field(
        default="",
        description="Mailserverens navn i Authentication-Results, eller exchange-online; tom: svar er ubekræftede.",
    )
    session_idle: int = Field(default=60, ge=5, le=600, description="Minutter uden brug, før man er logget ud.")
    session_hours: int = Field(default=10, ge=1, le=24, description="Timer, før man skal logge ind igen.")
    operators: str = Field(default="", description="Mailadresser på driftens folk, med komma imellem.")
    openid_secrets: dict[str, SecretStr] = Field(
        default_factory=dict, description='Hemmeligheder til kommunernes login: {"kommune": "hemmelighed"}.'
    )
    trusted_proxies: str = Field(
        default="", description="Adresser på proxyer foran statusoverblikket, med komma imellem; tom: ingen."
    )
    virus_scanner: str = Field(
        default="", description="Virusscanneren clamd: vært:port eller stien til en socket; tom: ingen."
    )
    stil_url: str = Field(
        default="https://api.uddannelsesstatistik.dk", description="Adressen på Uddannelsesstatistiks API."
    )
    stil_key: SecretStr = Field(default=SecretStr(""), description="Nøglen til Uddannelsesstatistiks API.")
    statbank_url: str = Field(default="https://api.statbank.dk", description="Adressen på Statistikbankens API.")

    @classmethod
    def read(cls, home: Path | None = None, **given: object) -> Self:
        """Read the settings; what cannot be used is one UserError that names it."""
        try:
            chosen = cls(**({"home": home} if home else {}), **given)  # type: ignore[arg-type]
            file = chosen.home / SETTINGS_FILE
            if file.is_file():
                chosen = cls(_env_file=file, **({"home": home} if home else {}), **given)  # type: ignore[arg-type]
        except ValidationError as error:
            raise UserError(_explain(error)) from error
        chosen.refuse_short_lease()
        return chosen

    def refuse_short_lease(self) -> None:
        """Refuse a lease that may end while its mail is still being sent: another worker would send it too."""
        longest = TIMEOUTS_PER_MAIL * self.smtp_timeout
        if self.mail_lease <= longest:
            raise UserError(
                f"{PREFIX}MAIL_LEASE er {self.mail_lease} sekunder, men med {PREFIX}SMTP_TIMEOUT på "
                f"{self.smtp_timeout:g} kan én mail tage {longest:g}; sæt {PREFIX}MAIL_LEASE højere, "
                f"eller {PREFIX}SMTP_TIMEOUT lavere."
            )

    @property
    def store_url(self) -> str:
        """The address of the store."""
        return self.database_url or f"sqlite:///{(self.home / 'kvalitet.db').resolve()}"

    @property
    def municipality_folder(self) -> Path:
        """The folder of municipality folders: the one that is set, else that of the home folder."""
        return self.municipalities or self.home / MUNICIPALITIES

    @property
    def operator_addresses(self) -> frozenset[str]:
        """The mailboxes of those who keep the installation running, in lower case."""
        return frozenset(part.strip().lower() for part in self.operators.split(",") if part.strip())

    @property
    def is_encrypted(self) -> bool:
        """Tell whether people reach the pages by https."""
        return self.public_url.startswith("https://")

    @property
    def public_url(self) -> str:
        """The address that links begin with, without a closing slash."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


def _explain(error: ValidationError) -> str:
    faulty = ("_".join(map(str, fault["loc"])).upper() for fault in error.errors())
    # An unknown name of the file comes with its prefix, a known one without.
    names = ", ".join(f"{PREFIX}{name.removeprefix(PREFIX)}" for name in faulty)
    return f"Indstillingen {names} kan ikke bruges; ret den i {SETTINGS_FILE} eller i miljøet."
