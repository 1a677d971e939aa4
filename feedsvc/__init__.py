"""feedsvc turns documents into feeds people can trust."""
