"""Tags of the desk."""

from typing import Any

from django import template

from accounts.models import User
from portal.desk import navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def ways(context: dict[str, Any]) -> list[navigation.Way]:
    """The navigation of whoever asks; nothing for those who do not act in an office yet."""
    user = getattr(context.get("request"), "user", None)
    return navigation.ways(user) if isinstance(user, User) and user.acts_in_office else []
