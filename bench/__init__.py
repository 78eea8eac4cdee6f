"""Measurements beside rivals, on loopback, with a synthetic origin of our own (`make bench`).

origin.py    a news origin: feeds, articles, validators, a way to add entries, counts
prose.py     its invented words: feeds and article pages, the same for the same seed
wire.py      raw HTTP heads, for the origin and for the floor
measure.py   what a command and all its children cost: CPU, wall, peak memory
peers.py     who is measured: this program, the library `reader`, bare requests
rival.py     the library `reader` as a process of its own
floor.py     the bare requests as a process of its own
poll.py      the table: python -m bench.poll
deliver.py   messages a second through each kind of channel: python -m bench.deliver
start.py     starts, and what an idle service takes: python -m bench.start

And topics, on invented texts or on a folder of articles (python -m bench.matching [FOLDER]):

matching.py         the table: articles a CPU second beside a loop, regexes and PostgreSQL
matching_topics.py  articles of one length, and queries drawn from them
matching_rivals.py  the other ways to do it
stems.py            Indonesian stems beside PySastrawi, Snowball and simplemma

And grouping, on recorded streams that are no part of the project (python -m bench.stories FOLDER…):

stories.py         the table of scores beside plain ways to group
streams.py         a folder with articles and gold, read; folds
scores.py          how well stories agree with gold
grouping.py        a stream through the functions of monitor.stories, or others in a trial
shelf.py           the stories in memory, found as the store finds them
rival_stories.py   each alone, same title, MinHash
copies.py          copies put into a stream, found and labelled?
syndication.py     what other outlets make of a text
stories_speed.py   the functions in CPU time
stories_store.py   the same stream judged in a SQLite file
"""
