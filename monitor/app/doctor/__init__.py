"""`monitor doctor`: one look at everything, in plain words. It changes nothing and sends nothing.

`here.py` this machine, `remembered.py` the database and what it says, `outside.py` feeds and channels, `examine.py` all of
it in order.
"""
