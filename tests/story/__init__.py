"""Whole stories, from articles to messages, as tables that anybody can read."""
