"""Which feeds an article belongs to: labels, rules, subjects, places and bodies."""

from feedsvc.topics.assign import AUTOMATIC, GATED, TRUST, Topics
from feedsvc.topics.combine import Answer, Combination, answer
from feedsvc.topics.configured import TopicRule
from feedsvc.topics.entries import Census, Entry, Kind, Verdict
from feedsvc.topics.index import RuleIndex
from feedsvc.topics.looks import Look
from feedsvc.topics.matching import matched
from feedsvc.topics.parse import parse
from feedsvc.topics.registry import Registry
from feedsvc.topics.retag import Retagging, retag
from feedsvc.topics.rules import AllOf, AnyOf, Not, Pattern, Rule, Term, spell
from feedsvc.topics.subjects import SUBJECTS, Subject

__all__ = [
    "AUTOMATIC",
    "GATED",
    "SUBJECTS",
    "TRUST",
    "AllOf",
    "Answer",
    "AnyOf",
    "Census",
    "Combination",
    "Entry",
    "Kind",
    "Look",
    "Not",
    "Pattern",
    "Registry",
    "Retagging",
    "Rule",
    "RuleIndex",
    "Subject",
    "Term",
    "TopicRule",
    "Topics",
    "Verdict",
    "answer",
    "matched",
    "parse",
    "retag",
    "spell",
]
