"""The questions of the source article, answered from the data of the other rooms.

Example:
    >>> from tinel.ask.answers import ask
    >>> ask("do nerves heal").question
    'Do damaged nerves ever heal?'
"""
