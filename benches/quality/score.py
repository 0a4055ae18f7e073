"""The measures. An answer is a list, best first; what is right is a set."""

from itertools import combinations


def average_precision(answer, right, most=10):
    """AP@10: the mean over the right ones, at most ten, of the precision at the rank of each; 0 for those not found."""
    hits, total = 0, 0.0
    for rank, found in enumerate(answer[:most], 1):
        if found in right:
            hits += 1
            total += hits / rank
    return total / min(len(right), most)


def precision(answer, right, most):
    return sum(found in right for found in answer[:most]) / most


def recall(answer, right, most):
    return sum(found in right for found in answer[:most]) / len(right)


def f1(found, right):
    """The harmonic mean of precision and recall; 1 where nothing is right and nothing was found."""
    return 2 * len(found & right) / (len(found) + len(right)) if found or right else 1.0


def pairs(groups):
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def mean(values):
    values = list(values)
    return sum(values) / len(values)
