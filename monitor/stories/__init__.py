"""Have we heard it? Pure."""
