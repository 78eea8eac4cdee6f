"""The way in: pages from http(s) addresses, guarded, capped, and asked for with manners."""
