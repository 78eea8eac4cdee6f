"""Builds the house from the settings, and lets it work: for one round, or as a daemon."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The clock that is handed in."""
    return datetime.now(UTC)
