"""The link check: whether the addresses that the book names still answer. It needs the network and is no part of the gate."""
