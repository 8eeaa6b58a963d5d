"""`make bench`: how fast the site is, small and grown, measured in one run on databases of its own.

Nothing here asserts: figures are for people to read. They are told as ratios with their spread, because the load is
made on the same machine that serves, and other work may go on beside it.
"""
