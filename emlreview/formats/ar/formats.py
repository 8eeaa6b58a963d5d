"""Arabic dates with their time. Django's own formats give none, so that English ones would show."""

DATETIME_FORMAT = "j F، Y، H:i"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
