"""The tests, and the small world on loopback that they run in."""
