"""1xx: arithmetic and structure. Whether the figures of a form agree with each other and with the rules."""

from perfkit.checks.arithmetic import money, weights

__all__ = ["money", "weights"]
