"""Does an article concern someone? The query language, the words of a language, the watchlist. Pure."""
