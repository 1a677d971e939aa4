"""Which feeds an article belongs to: what documents and configuration say, and rules."""

from feedsvc.topics.assign import ORIGINS, TopicRule, Topics
from feedsvc.topics.matching import matched
from feedsvc.topics.parse import parse
from feedsvc.topics.rules import AllOf, AnyOf, Not, Pattern, Rule, Term, spell

__all__ = [
    "ORIGINS",
    "AllOf",
    "AnyOf",
    "Not",
    "Pattern",
    "Rule",
    "Term",
    "TopicRule",
    "Topics",
    "matched",
    "parse",
    "spell",
]
