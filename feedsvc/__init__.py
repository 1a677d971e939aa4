"""feedsvc turns documents into feeds people can trust."""

__version__ = "0.6.0"
