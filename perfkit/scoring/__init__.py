"""Form × Profile → Scorecard: what each row is worth by the rules, and how that came about.

Every figure carries its explanation. The working of a row stands in `rows` and its formulas in
`formulas`, what stands beside its score in `corrections`, the budget line in `execution`, the sum in
`totals`; what is said of them in `phrases.yaml`.
"""

from perfkit.scoring.card import ExecutionScore, Review, RowScore, Scorecard, Status, Total
from perfkit.scoring.scorer import score, score_readings

__all__ = [
    "ExecutionScore",
    "Review",
    "RowScore",
    "Scorecard",
    "Status",
    "Total",
    "score",
    "score_readings",
]
