"""`python -m perfkit` is the command `perfkit`."""

from perfkit.cli import main

main()
