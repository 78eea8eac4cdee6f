"""Bytes in, values out: feeds, articles, addresses and the text form. Pure."""
