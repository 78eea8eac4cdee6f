"""What of a database the tables of the program describe."""


def is_described(_object: object, name: str | None, _type: str, reflected: bool, _other: object) -> bool:
    """Not the index of words, which each kind of database has in its own way, nor the queue, nor the mark of a copy."""
    own = ("article_words", "procrastinate_")
    return not (
        reflected and name is not None and (name.startswith(own) or name in {"words", "ix_article_words", "copying"})
    )
