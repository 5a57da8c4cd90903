"""1xx: arithmetic and structure. Whether the figures of a form agree with each other and with the rules."""

from perfkit.checks.arithmetic import magnitudes, money, scores, weights

__all__ = ["magnitudes", "money", "scores", "weights"]
