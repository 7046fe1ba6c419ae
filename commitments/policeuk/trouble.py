"""The one thing that goes wrong with data.police.uk, whatever it was, as a sentence."""


class PoliceUKTrouble(Exception):
    """The source could not be asked, or said what nobody can read; the message is a sentence for the operator."""
