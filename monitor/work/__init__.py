"""The hall: the only place where rooms meet. Each file is a verb."""
