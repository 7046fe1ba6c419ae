"""What can happen to organisations and teams, and what an entry of it holds."""

from record.event_types import declare

ORGANISATION_PUBLISHED = declare("organisation.published", facts=["name", "kind", "area"])
ORGANISATION_CORRECTED = declare("organisation.corrected", facts=["old", "new"], words=["reason"])
TEAM_PUBLISHED = declare("team.published", facts=["name", "organisation", "area"])
TEAM_REORGANISED = declare(
    "team.reorganised", facts=["organisation", "ended_on", "successors", "passed"], words=["reason"]
)
TEAM_CORRECTED = declare("team.corrected", facts=["old", "new"], words=["reason"])
