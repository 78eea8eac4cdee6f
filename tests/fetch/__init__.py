"""The room `fetch`, against a server on loopback that answers byte for byte what a test says."""
