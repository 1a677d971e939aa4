"""`python -m feedsvc` is the command `feedsvc`."""

from feedsvc.cli import main

main()
