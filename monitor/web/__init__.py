"""What a person, or a machine that watches this one, looks at."""
