"""What ends a run, in words for people."""


class Failure(Exception):
    """Something went wrong that would make a figure false."""


class NotYet(Failure):
    """A server cannot be asked for this at all; its row is left out, and the report says why."""
