"""How fast the service answers, beside a stock REST framework API and beside bare SQL: `make bench`."""
