"""WHO keeps the registers of bodies and teams."""

from accounts import errors, roles
from accounts.models import Organisation, User


def check_keeps_registers(by: User, body: Organisation | None = None) -> str:
    """A convenor of any assembly, who does not belong to the body whose entry it is."""
    convened = roles.convened(by)
    if not convened:
        raise errors.NotAConvenor
    if body is not None and body.pk in roles.organisation_ids(by):
        raise errors.OwnBody(organisation=body.name)
    return f"convenor:{convened[0]}"
