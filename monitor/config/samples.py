"""Articles that others are to be like: text files, folders of them, addresses."""

from __future__ import annotations

import glob
import os
import re
from pathlib import Path
from typing import Final

from monitor.config import addresses, files
from monitor.config.nodes import Node
from monitor.config.shape import Draft, Word, reference
from monitor.config.source import Wrong, quoted
from monitor.errors import ParseError
from monitor.settings import Sample

LARGEST: Final = 3_000_000  # bytes; as for an article's page
MOST: Final = 200  # texts of one folder
TEXTS: Final = "*.[tT][xX][tT]"
_LOGIN: Final = re.compile(r"(?<=://)[^/?#]*@")
_A_TEXT: Final = "write a title, an empty line and the text, as in seeds/"


def samples(draft: Draft, node: Node) -> tuple[Sample, ...]:
    """One for a file or an address, as many as there are texts for a folder."""
    ref = reference(draft, node)
    if ref.name.casefold().startswith(("http://", "https://")):
        from monitor.parse.links import canonical_url, shown  # 20 ms, and hardly any topic has one

        key = canonical_url(Word(addresses.feed_address)(draft, node))
        return (Sample(name=shown(_LOGIN.sub("", ref.written.strip())), key=key),)
    if "://" in ref.name:
        raise Wrong(node.start, *addresses.no_feed(ref.name, ref.written.strip()))
    path = os.path.normpath(draft.folder / ref.name)
    draft.looked_at.append(path)
    if os.path.isdir(path):  # noqa: PTH112 - pathlib raises on names that no folder can have
        return _in_folder(draft, node, path)
    return (_in_file(node, path),)


def _in_folder(draft: Draft, node: Node, folder: str) -> tuple[Sample, ...]:
    pattern = files.absolute(Path(folder), TEXTS)
    draft.looked_at.append(pattern)
    names = sorted(name for name in glob.glob(pattern) if os.path.isfile(name))  # noqa: PTH113, PTH207 - quicker
    if not names:
        raise Wrong(node.start, "there are no texts in this folder", f"put files called ….txt there; {_A_TEXT}")
    if len(names) > MOST:
        raise Wrong(node.start, f"more than {MOST} texts are in this folder", "a few that are typical do better")
    return tuple(_in_file(node, name) for name in names)


def _in_file(node: Node, path: str) -> Sample:
    from monitor.parse import textfile  # said above

    name = Path(path).name
    try:
        content = files.content(path, LARGEST)
        found = textfile.read(content, name)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        hint = "it is looked for beside config.yaml; an address starts with https://"
        raise Wrong(node.start, "there is no such file or folder", hint) from None
    except OSError:
        raise Wrong(node.start, f"{quoted(name)} can't be read", "look at what it is, and its permissions") from None
    except ParseError as error:
        raise Wrong(node.start, f"{quoted(name)} can't be read: {error}", _A_TEXT) from None
    if len(content) > LARGEST:
        raise Wrong(node.start, f"{quoted(name)} is too large", "name a text of less than 3 MB")
    return Sample(name=name, title=found.title, text=found.text)
