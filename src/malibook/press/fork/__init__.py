"""Make a book of one's own, about another country: data, parameters and prose; the logic comes from the installed library."""

from malibook.press.fork.make import Made, fork
from malibook.press.fork.request import Request

__all__ = ["Made", "Request", "fork"]
