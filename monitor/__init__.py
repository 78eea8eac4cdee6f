"""Watches the news for people who must not miss it, and does not tire them."""
