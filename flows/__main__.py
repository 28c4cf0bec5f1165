"""`python -m flows`: serves all flows, as `kvalitet up` does."""

from flows import plan_year
from kvalitet.adapters import clock
from kvalitet.adapters.engine.serving import serve_all
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.settings import Settings


def plan_now() -> None:
    """Lay the wheels out at once, so that a new installation shows its year before the first morning."""
    installation = Installation.open(Settings.read())
    for municipality in installation.municipalities:
        plan_year.run(installation, municipality, now=clock.now())
    installation.store.close()


if __name__ == "__main__":
    plan_now()
    serve_all()
