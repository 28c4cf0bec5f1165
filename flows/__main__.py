"""`python -m flows`: serves all flows, as `kvalitet up` does."""

from kvalitet.adapters.engine.serving import serve_all

if __name__ == "__main__":
    serve_all()
