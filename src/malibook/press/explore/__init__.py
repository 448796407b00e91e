"""The page *Explore*: a map, a timeline and a table of the same events, each of which opens to its claims and sources.

The press writes all of it as HTML that is complete without a script; `book/static/explore.js` adds filters and links the three.
"""
