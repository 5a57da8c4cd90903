"""The whole trial of edited reports, as a table: what share of edits is found, what untouched reports bring up.

    make trial            two hundred reports, half of them Chinese and half English, each edited once in each way
    make trial ARGS=20    twenty
    make trial ARGS="200 7000"    two hundred others, from the form of that number on

The tests run the same functions over a few reports.
"""

import random
import sys
from collections import Counter
from functools import cache

from perfkit.language import Text
from perfkit.verify import Judge
from perfkit.verify.alignment import differences, sentences
from perfkit.verify.documents import Passage
from perfkit.verify.reference import Reference, subject, written
from tests.verify.edits import KINDS, TRUE, edited, form

PROFILES = ("mof-2020", "integrated-system", "hubei", "shanghai-2022")
LANGUAGES = ("zh", "en")


@cache
def report(seed, language):
    """Draw a form, and give what perfkit writes about it."""
    one = subject(form(seed), PROFILES[seed // 2 % len(PROFILES)])
    return one, written(one, language, whole=False)


def verified(one, passages):
    """Hold the passages against the form of a report."""
    theirs = sentences(passages)
    reference = Reference.of_forms([one], whole=False)
    judge = Judge(reference, passages)
    return [found for pair in differences(theirs, reference.beside(theirs)) for found in judge.judged(pair)]


def lines_of(passages):
    return [passage.text for passage in passages]


def passages_of(lines):
    return [Passage(line, Text(str(n), str(n)), row="\t" in line) for n, line in enumerate(lines)]


def found_in_untouched(one, passages):
    """Give what is said of a report as it was made; nothing should be."""
    return [str(found) for found in verified(one, passages)]


def missed_edit(one, passages, kind, seed):
    """Make one edit of a kind: None where it is found, else the line before and after; () where there is none to make."""
    changed = edited(lines_of(passages), one.form, random.Random(f"{seed}{kind}"), kind)
    if changed is None:
        return ()
    lines, at = changed
    found = verified(one, passages_of(lines))
    if any(each.passage == at and each.kind != "unjudged" for each in found):
        return None
    return lines_of(passages)[at], lines[at]


def contradicted_truth(one, passages, seed):
    """Add three true sentences to a report, and give what is called a contradiction; nothing should be."""
    draw = random.Random(seed)
    lines = lines_of(passages)
    facts = {"rate": one.card.budget.printed_rate, "total": one.card.total.declared}
    for _ in range(3):
        lines.insert(draw.randrange(len(lines)), draw.choice(TRUE).format(**facts))
    return [str(found) for found in verified(one, passages_of(lines)) if found.kind == "contradicts"]


def main(count=200, first=0):
    tried, missed, false, contradicted = Counter(), Counter(), 0, 0
    for seed in range(first, first + count):
        language = LANGUAGES[seed % 2]
        one, passages = report(seed, language)
        for said in found_in_untouched(one, passages):
            false += 1
            print(f"  {seed} {language} untouched: {said}")
        for kind in KINDS:
            miss = missed_edit(one, passages, kind, seed)
            tried[kind, language] += miss != ()
            if miss:
                missed[kind, language] += 1
                print(f"  {seed} {language} {kind}:\n    - {miss[0]}\n    + {miss[1]}")
        for said in contradicted_truth(one, passages, seed) if seed % 4 < len(LANGUAGES) else ():
            contradicted += 1
            print(f"  {seed} {language} truth: {said}")
    print(f"\n{count} reports, half zh and half en; found / edits")
    for kind in KINDS:
        cells = [f"{tried[kind, one] - missed[kind, one]} / {tried[kind, one]}" for one in LANGUAGES]
        print(f"  {kind:<10} {cells[0]:>10} {cells[1]:>10}")
    total, lost = tried.total(), missed.total()
    print(f"  together   {total - lost} / {total} = {100 * (total - lost) / max(total, 1):.1f}%")
    print(f"  found in untouched reports: {false}; true sentences called contradictions: {contradicted}")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
