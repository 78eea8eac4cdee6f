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
"""
