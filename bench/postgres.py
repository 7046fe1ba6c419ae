"""The private PostgreSQL of the bench: one cluster in the data folder, kept between runs, a database a data set."""

from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests import postgres

# The server's own defaults, but for room to keep the tables in and for writing large amounts.
SETTINGS = ("shared_buffers=1GB", "max_wal_size=8GB", "max_connections=200", "random_page_cost=1.1")


class Cluster:
    """A running PostgreSQL; it stops with this process."""

    def __init__(self, folder: Path) -> None:
        self.address = postgres.kept(folder, SETTINGS)

    def address_of(self, database: str) -> str:
        """The address of one of its databases."""
        return urlsplit(self.address)._replace(path=f"/{database}").geturl()

    def names(self) -> set[str]:
        """Its databases."""
        with psycopg.connect(self.address) as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

    def make(self, database: str, template: str = "template1") -> None:
        """Make a database anew, as a copy of `template`."""
        self.drop(database)
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._run(command.format(sql.Identifier(database), sql.Identifier(template)))

    def drop(self, database: str) -> None:
        """Have it no more."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def rename(self, database: str, name: str) -> None:
        """Give it another name."""
        command = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        self._run(command.format(sql.Identifier(database), sql.Identifier(name)))

    def _run(self, command: sql.Composed) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(command)
