"""What neighbourhood teams tell the national site data.police.uk: asked for, read, compared with what was seen."""
