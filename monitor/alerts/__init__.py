"""Should someone be told, and how? Pure."""
