"""`python -m seed`: the same as `newsstand seed`."""

from seed.cli import seed

if __name__ == "__main__":
    seed(prog_name="newsstand seed")
