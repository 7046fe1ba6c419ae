"""Where data sets are kept between runs: made once for each size, layout and state of the code that shapes them."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.postgres import Cluster

HERE = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("BENCH_DIR") or HERE / "var" / "bench").resolve()
MAKING = tuple(f"bench/{name}.py" for name in ("dataset", "ledger", "story", "tables", "words", "world"))
POSTGRES, SQLITE = "postgres", "sqlite"


@dataclass(frozen=True)
class DataSet:
    """Which data: how many commitments, and how they are spread.

    Migrations that came later are applied to what is kept: they only add (ARCHITECTURE.md, Style 15).
    """

    size: int
    layout: str

    @property
    def name(self) -> str:
        """The name of its database; it changes with the code that shapes it."""
        return f"bench_{self.layout}_{self.size}_{digest(MAKING)}"


def digest(patterns: Iterable[str]) -> str:
    """What stands for the content of these files."""
    summed = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(HERE.glob(pattern)):
            summed.update(path.read_bytes())
    return summed.hexdigest()[:8]


UNLIMITED = {"THROTTLE_ANONYMOUS": "1000000000/min", "THROTTLE_KEY": "1000000000/min"}


def environment(address: str) -> dict[str, str]:
    """For processes that work on the database at this address."""
    return {
        **os.environ,
        **UNLIMITED,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": address,
        "DATA_DIR": str(FOLDER / "run"),
        "ENVIRONMENT": "development",
        "ENGINE": "off",
        "LOG_LEVEL": "ERROR",
    }


class PostgresStore:
    """Data sets as databases of one private cluster."""

    def __init__(self) -> None:
        self.cluster = Cluster(FOLDER / "postgres")

    def address(self, data: DataSet) -> str:
        """Where this data set is; made first if it is not there."""
        address = self.cluster.address_of(data.name)
        if data.name not in self.cluster.names():
            self._forget_older(data)
            unready = f"{data.name}_unready"
            self.cluster.make(unready)
            fill(self.cluster.address_of(unready), data)
            self.cluster.rename(unready, data.name)
        bring_up(address)
        return address

    def copy(self, data: DataSet, name: str = "") -> str:
        """A copy to write in, made anew for each run."""
        self.address(data)
        name = f"bench_copy_{data.layout}_{data.size}{name and f'_{name}'}"
        self.cluster.make(name, data.name)
        return self.cluster.address_of(name)

    def _forget_older(self, data: DataSet) -> None:
        for name in self.cluster.names():
            if name.startswith(f"bench_{data.layout}_{data.size}_"):
                self.cluster.drop(name)


class SqliteStore:
    """Data sets as files."""

    def address(self, data: DataSet) -> str:
        """Where this data set is; made first if it is not there."""
        file = FOLDER / f"{data.name}.sqlite3"
        if not file.exists():
            for older in FOLDER.glob(f"bench_{data.layout}_{data.size}_*"):
                older.unlink()
            unready = file.with_suffix(".unready")
            fill(f"sqlite:///{unready}", data)
            unready.rename(file)
        address = f"sqlite:///{file}"
        bring_up(address)
        return address

    def copy(self, data: DataSet, name: str = "") -> str:
        """A copy to write in, made anew for each run."""
        source = Path(self.address(data).removeprefix("sqlite:///"))
        target = FOLDER / f"copy_{data.layout}_{data.size}{name and f'_{name}'}.sqlite3"
        for path in FOLDER.glob(f"{target.name}*"):
            path.unlink()
        shutil.copyfile(source, target)
        return f"sqlite:///{target}"


Store = PostgresStore | SqliteStore


def open_store(database: str) -> Store:
    """The store of this kind of database."""
    (FOLDER / "run").mkdir(parents=True, exist_ok=True)
    return PostgresStore() if database == POSTGRES else SqliteStore()


def fill(address: str, data: DataSet) -> None:
    """Migrate the database and fill it."""
    started = time.monotonic()
    say(f"Making {data.size:,} commitments ({data.layout}) …")
    migrate(address)
    run(address, "-m", "bench.door", "dataset", address, str(data.size), data.layout)
    say(f"  made in {time.monotonic() - started:.0f} s")


def bring_up(address: str) -> None:
    """Apply the migrations that are newer than a kept data set."""
    mark, present = FOLDER / "run" / f"{address.rpartition('/')[2]}.migrated", digest(["*/migrations/*.py"])
    if not mark.exists() or mark.read_text() != present:
        migrate(address)
        mark.write_text(present)


def migrate(address: str) -> None:
    """Have the tables of today."""
    run(address, "manage.py", "migrate", "--verbosity", "0")


def run(address: str, *arguments: str) -> None:
    """Run Python on the database at this address."""
    subprocess.run([sys.executable, *arguments], cwd=HERE, env=environment(address), check=True)


def say(words: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
