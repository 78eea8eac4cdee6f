"""What an article is like, as weighted terms. Pure."""

from __future__ import annotations

from typing import Final

from monitor.model import Article, Fingerprint
from monitor.text import tokens

# "Foto" or "Breaking News" stands over many different articles.
TELLING_TITLE: Final = 3


def fingerprint(article: Article) -> Fingerprint:
    """For now its title alone, as one term; empty where the title is too short to tell anything."""
    words = [token.term for token in tokens(article.title)]
    if len(words) < TELLING_TITLE:
        return Fingerprint({})
    return Fingerprint({"title:" + " ".join(words): 1.0})
