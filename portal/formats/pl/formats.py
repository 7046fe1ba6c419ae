"""Dates as they are said: the month in the genitive after a day."""

DATE_FORMAT = "j E Y"
SHORT_DATE_FORMAT = "j E Y"
MONTH_DAY_FORMAT = "j E"
YEAR_MONTH_FORMAT = "F Y"
