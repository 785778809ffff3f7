"""Writes scikit-learn's bundled tables and the synthetic ones as CSV: python3 export.py FOLDER

Features as they come; the label comes last, as 0, 1, 2, ... The synthetic tables have noise of a known amount; all come from seed 1.
"""
import os
import sys

import numpy

folder = sys.argv[1]


def write(name, x, y):
    path = os.path.join(folder, name + ".csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(f"f{i}" for i in range(x.shape[1])) + ",label\n")
        for row, label in zip(x, y):
            file.write(",".join(repr(float(value)) for value in row) + f",{int(label)}\n")
    print("wrote", name, x.shape[0], "rows", x.shape[1], "features", len(set(y)), "classes")


def write_targets(name, x, y):
    path = os.path.join(folder, name + ".csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join([f"f{i}" for i in range(x.shape[1])] + [f"target:{k}" for k in range(y.shape[1])]) + "\n")
        for row in numpy.hstack([x, y]):
            file.write(",".join(repr(float(value)) for value in row) + "\n")
    print("wrote", name, x.shape[0], "rows", x.shape[1], "features", y.shape[1], "targets")


def xor(random):
    """Two features that matter and two that don't; one label in ten is wrong."""
    x = random.uniform(-1, 1, (600, 4))
    y = (x[:, 0] > 0) ^ (x[:, 1] > 0) ^ (random.uniform(size=600) < 0.1)
    return x, y


def one_hot(random, rows):
    """A category of 40 levels, of which each belongs to one class; one label in four is wrong."""
    level = random.integers(0, 40, rows)
    y = (level % 2 == 1) ^ (random.uniform(size=rows) < 0.25)
    return numpy.eye(40)[level], y


def offset(random):
    """Three classes a standard deviation of 0.1 wide at 2,000 + 0, 1 and 2, beside a feature that says nothing, at 5,000."""
    y = random.integers(0, 3, 300)
    return numpy.column_stack([2000 + y + random.normal(0, 0.1, 300), 5000 + random.normal(0, 1, 300)]), y


def small_units(random):
    """Two classes whose means are 2 standard deviations apart, in units of 1e-6."""
    y = random.integers(0, 2, 400)
    return 1e-6 * (y[:, None] * [2, 0, 0] + random.normal(0, 1, (400, 3))), y


def clusters(random):
    """Three Gaussian clusters round one centre: only their spread differs, and the features' units do, by 1e4."""
    y = random.integers(0, 3, 900)
    spread = numpy.array([0.3, 1, 3])[y][:, None]
    return random.normal(0, 1, (900, 4)) * spread * [0.01, 1, 10, 100], y


for name, make in {
    "xor10": xor,
    "onehot400": lambda random: one_hot(random, 400),
    "onehot6400": lambda random: one_hot(random, 6400),
    "offset2000": offset,
    "units1e-6": small_units,
    "clusters": clusters,
}.items():
    write(name, *make(numpy.random.default_rng(1)))

try:
    from sklearn import datasets
except ImportError:
    print("skipped wine, breastdiagnostic, digits, diabetes and linnerud: scikit-learn isn't installed for this Python")
else:
    for name, load in (("wine", datasets.load_wine), ("breastdiagnostic", datasets.load_breast_cancer), ("digits", datasets.load_digits)):
        data = load()
        write(name, data.data, data.target)
    data = datasets.load_diabetes()
    write_targets("diabetes", data.data, data.target[:, None])
    data = datasets.load_linnerud()
    write_targets("linnerud", data.data, data.target)
