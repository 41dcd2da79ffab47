#!/usr/bin/env python3
"""What logistic regression in shares needs of its numbers, computed in the clear: the tables of
docs/protocols/logistic-shared.md.

    tools/logistic_study.py FOLDER

FOLDER has default_credit_hetero_guest.csv.gz and default_credit_hetero_host.csv.gz. Needs numpy alone. Rows are divided by
the SHA-256 of their ids, columns are weights of evidence of ten bins by quantiles of the training rows, and every figure is
the largest difference of a coefficient to unpenalised maximum likelihood.
"""

import csv
import gzip
import hashlib
import sys

import numpy as np
from numpy.polynomial.chebyshev import Chebyshev


def table(path):
    """Names of the columns, and the values of each id."""
    with gzip.open(path, "rt") as file:
        rows = csv.reader(file)
        names = next(rows)[1:]
        return names, {int(float(row[0])): [float(value) for value in row[1:]] for row in rows}


def learns(identifier):
    digest = hashlib.sha256(str(identifier).encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10 < 8


def evidence(values, labels, learnt):
    """Weights of evidence of one column, from the rows that are learnt from."""
    edges = np.unique(np.quantile(values[learnt], np.linspace(0, 1, 11)[1:-1]))
    bins = np.searchsorted(edges, values, side="right")
    bads, goods = labels[learnt].sum(), (1 - labels[learnt]).sum()
    out = np.zeros(len(values))
    for number in range(len(edges) + 1):
        bad = labels[learnt][bins[learnt] == number].sum()
        good = (bins[learnt] == number).sum() - bad
        if bad == 0 or good == 0:
            bad, good = bad + 0.5, good + 0.5
        out[bins == number] = np.log((bad / bads) / (good / goods))
    return out


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def likelihood(columns, labels):
    """Newton's method to the end."""
    beta = np.zeros(columns.shape[1])
    for _ in range(30):
        p = sigmoid(columns @ beta)
        hessian = (columns * (p * (1 - p))[:, None]).T @ columns + 1e-6 * np.eye(len(beta))
        beta += np.linalg.solve(hessian, columns.T @ (labels - p) - 1e-6 * beta)
    return beta


def steps(columns, labels, inverse, passes, curve=sigmoid, momentum=False):
    """The coefficients after each pass with a fixed Hessian."""
    beta = last = np.zeros(columns.shape[1])
    for number in range(passes):
        start = beta + number / (number + 3) * (beta - last) if momentum else beta
        last = beta
        beta = start + inverse @ (columns.T @ (labels - curve(columns @ start)))
        yield beta


def passes_until(found, reference, bound):
    errors = [abs(beta - reference).max() for beta in found]
    return next((n + 1 for n in range(len(errors)) if max(errors[n:]) < bound), None)


def main(folder):
    guest_names, guest = table(f"{folder}/default_credit_hetero_guest.csv.gz")
    _, host = table(f"{folder}/default_credit_hetero_host.csv.gz")
    ids = sorted(set(guest) & set(host))
    own = np.array([guest[i] for i in ids])
    label = guest_names.index("y")
    labels = own[:, label]
    values = np.hstack([np.delete(own, label, 1), np.array([host[i] for i in ids])])
    learnt = np.array([learns(i) for i in ids])
    woe = np.column_stack([evidence(column, labels, learnt) for column in values.T])
    columns = np.hstack([np.ones((len(ids), 1)), woe])[learnt]
    y = labels[learnt]
    reference = likelihood(columns, y)
    print(f"{columns.shape[0]} rows, {columns.shape[1]} coefficients, largest score {abs(columns @ reference).max():.2f}")

    whole = np.linalg.inv(columns.T @ columns / 4)
    blocks = np.zeros_like(whole)
    mine = own.shape[1]  # The constant and the guest's columns without the label.
    for part in (range(mine), range(mine, columns.shape[1])):
        block = columns[:, list(part)]
        blocks[np.ix_(part, part)] = np.linalg.inv(block.T @ block / 2)
    for name, inverse, momentum in [
        ("whole", whole, False), ("blocks", blocks, False), ("blocks, momentum", blocks, True),
    ]:
        found = list(steps(columns, y, inverse, 200, momentum=momentum))
        print(f"{name}: passes until", {b: passes_until(found, reference, b) for b in (1e-2, 1e-3, 1e-4)})

    for bound, degrees in ((8, (7, 15, 23)), (6, (7, 9, 15, 19)), (4, (11,))):
        for degree in degrees:
            curve = Chebyshev.interpolate(sigmoid, degree, domain=[-bound, bound])
            grid = np.linspace(-bound, bound, 20001)
            clipped = lambda z: curve(np.clip(z, -1.5 * bound, 1.5 * bound))
            beta = list(steps(columns, y, whole, 150, curve=clipped))[-1]
            print(
                f"R {bound}, degree {degree}: sigmoid {abs(curve(grid) - sigmoid(grid)).max():.5f}, "
                f"coefficient {abs(beta - reference).max():.5f}")

    for bits in (12, 14, 16):
        rounded = np.round(columns * 2.0**bits) / 2.0**bits
        print(f"WOE of {bits} bits: coefficient {abs(likelihood(rounded, y) - reference).max():.1e}")
    curve = Chebyshev.interpolate(sigmoid, 19, domain=[-6, 6])
    rounded = np.round(columns * 2.0**16) / 2.0**16
    for bits in (16, 20, 24):
        cut = lambda x: np.round(x * 2.0**bits) / 2.0**bits
        beta = np.zeros(columns.shape[1])
        for _ in range(40):
            beta = cut(beta + whole @ (rounded.T @ cut(y - cut(curve(cut(rounded @ beta))))))
        print(f"weights, scores and residuals of {bits} bits: coefficient {abs(beta - reference).max():.2e}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
