"""The hall, end to end: the real stages on a real database against real servers and sinks on loopback."""
