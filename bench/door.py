"""Calls `main` of a module of the bench inside Django: `python -m bench.door MODULE ARGUMENT…`."""

import importlib
import sys

import django

if __name__ == "__main__":
    django.setup()
    importlib.import_module(f"bench.{sys.argv[1]}").main(*sys.argv[2:])
