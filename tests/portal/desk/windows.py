"""Browsers of people who sit at the desk."""

from django.test import Client

from accounts.backends import IN_OFFICE
from accounts.models import User
from tests.portal.people import browser


def at_desk(user: User) -> Client:
    """A browser in which somebody gave both factors, and so acts in office; it checks forged forms."""
    client = browser()
    client.force_login(user, IN_OFFICE)
    return client
