"""Computes trainings once more in float64, and compares. compare.py FOLDER reads what CaseFiles.cs wrote, and writes a report in JSON.

A training agrees plainly where parameters and losses differ by no more than roundings of float32 on the way (plain_tolerance). Where they differ by
more, rounding may have been amplified: by a ReLU whose sum is nearly 0, or by Adam, which makes a full step of a gradient that is all rounding. So the
training is computed RUNS times more, each time with a random rounding error of float32's size in each sum. It agrees if it differs by no more than
AMPLIFIED times what these do among themselves; else it has failed. Where they differ by more than CHAOS of what was learned, it says nothing.
"""
import json
import os
import sys
import warnings
from collections import Counter

import numpy as np

from network import NAMES, Exact, Noise
from training import Training

RUNS = 8
AMPLIFIED = 10
CHAOS = 0.05
CLEAR = 1e-4
ULP = 2.0 ** -23


def observations(outcome):
    """All that is compared: name, values."""
    losses = [epoch[0] for epoch in outcome.epochs]
    held = [epoch[3] for epoch in outcome.epochs if epoch[3] is not None]
    return {**outcome.p, "loss": np.array(losses), "validation loss": np.array(held)}


def distance(one, other):
    """The largest difference; infinite where one is longer or isn't finite."""
    if one.shape != other.shape:
        return np.inf
    with np.errstate(invalid="ignore"):
        d = abs(one - other).max() if one.size else 0
    return d if np.isfinite(d) else np.inf


def learned(name, truth, initial):
    """How far a value has come: what a difference is held against."""
    return abs(truth[name] - initial[name]).max() if name in NAMES else 0.1 + abs(truth[name]).max(initial=0)


def plain_tolerance(name, truth, initial, steps):
    if name in NAMES:
        return 1e-4 * learned(name, truth, initial) + ULP * abs(truth[name]).max() * (1 + np.sqrt(steps))
    return 1e-5 * learned(name, truth, initial)


def actual_of(case, training, values):
    p = training.parameters(case["Result"], values)
    losses = np.array([epoch["TrainLoss"] for epoch in case["Epochs"]])
    held = np.array([epoch["ValidationLoss"] for epoch in case["Epochs"] if epoch["ValidationLoss"] is not None])
    return {**p, "loss": losses, "validation loss": held}


def doubt(outcome, number, rounded, is_held):
    """How many hits of an epoch rounding may change: of rows where two classes are as good as equal, or as in trainings that were rounded."""
    hits, margins = (4, 5) if is_held else (1, 2)
    epoch = outcome.epochs[number]
    changed = [abs(run.epochs[number][hits] - epoch[hits]) for run in rounded if number < len(run.epochs)]
    return (epoch[margins] < CLEAR).sum() + 2 * max(changed, default=0) + 1e-6


def count_faults(case, training, outcome, rounded):
    """What is no matter of rounding: the rates, and hits beyond doubt."""
    faults = list(outcome.faults)
    for number, (epoch, mine) in enumerate(zip(case["Epochs"], outcome.epochs)):
        _, hits, _, _, held_hits, _, rate = mine
        if abs(epoch["LearningRate"] - rate) > 1e-6 * rate + 1e-9:
            faults.append(f"epoch {number + 1}: the learning rate is {epoch['LearningRate']}, not {rate}")
        found = epoch["TrainAccuracy"] * len(training.rows.labels)
        if abs(found - hits) > doubt(outcome, number, rounded, False):
            faults.append(f"epoch {number + 1}: {found} rows are hit, not {hits}")
        if held_hits is not None:
            found = epoch["ValidationAccuracy"] * len(training.held.labels)
            if abs(found - held_hits) > doubt(outcome, number, rounded, True):
                faults.append(f"epoch {number + 1}: {found} validation rows are hit, not {held_hits}")
    return faults


def judge(case, values):
    """The kind of agreement, and what differs."""
    training = Training(case, values)
    outcome = training.run(Exact())
    truth = observations(outcome)
    if case["Result"] is None:
        grown = max(np.nan_to_num(abs(truth[name]), nan=np.inf).max() for name in NAMES)
        return ("Chaotic", []) if grown > 1e6 else ("Failed", [f"it diverged, and NumPy comes to parameters of {grown}"])
    actual = actual_of(case, training, values)
    steps = len(training.rows.labels) * len(outcome.epochs)
    distances = {name: distance(actual[name], truth[name]) for name in truth}
    if not count_faults(case, training, outcome, []) and all(distances[name] <= plain_tolerance(name, truth, training.initial, steps) for name in truth):
        return "Plain", []

    rounded = [training.run(Noise(seed)) for seed in range(RUNS)]
    own = {name: max(distance(observations(run)[name], truth[name]) for run in rounded) for name in truth}
    limits = {name: max(AMPLIFIED * own[name], plain_tolerance(name, truth, training.initial, steps)) for name in truth}
    failures = [
        f"{name} differs by {distances[name]:.3g}; it was to learn {learned(name, truth, training.initial):.3g}, and rounding explains {limits[name]:.3g}"
        for name in truth if not distances[name] <= limits[name]]
    faults = count_faults(case, training, outcome, rounded)
    is_chaotic = any(own[name] > CHAOS * learned(name, truth, training.initial) for name in truth)
    if failures or (faults and not is_chaotic):
        return "Failed", failures + faults
    return ("Chaotic" if is_chaotic else "Sensitive"), []


def covered(case):
    o = case["Options"]
    yield o["Optimizer"]
    yield o["Activation"]
    yield f"on {o['NumberOfThreads']} thread{'s' if o['NumberOfThreads'] > 1 else ''}"
    if o["Optimizer"] != "Lbfgs":
        yield f"schedule {o['LearningRateSchedule'] or 'left open'}"
    for name in ("WarmUpEpochs", "Momentum", "Nesterov", "L1Regularization", "L2Regularization", "MaxNorm", "GradientClipNorm", "LabelSmoothing",
                 "InputDropout", "HiddenDropout", "BalancedClassWeights", "ClassWeights", "RestoreBestEpoch", "EarlyStoppingPatience"):
        if o[name]:
            yield name
    if o["ExampleWeightColumnName"]:
        yield "example weights"
    if not o["CacheRows"]:
        yield "streamed"
    if o["BatchSize"] == 0:
        yield "whole set a step"
    if case["Validation"]:
        yield "validation data"
    if case["Result"] is None:
        yield "diverged"


def main(folder):
    floats = np.memmap(os.path.join(folder, "values.bin"), dtype="<f4", mode="r")

    def values(where, *shape):
        return np.array(floats[where[0]:where[0] + where[1]], dtype=np.float64).reshape(shape or (-1,))

    kinds, coverage, failures = Counter(), Counter(), []
    with open(os.path.join(folder, "cases.jsonl"), encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            kind, differences = judge(case, values)
            kinds[kind] += 1
            coverage.update(covered(case))
            if kind == "Failed":
                failures.append(f"case {case['Number']}: {'; '.join(differences)}: {json.dumps({k: v for k, v in case['Options'].items() if v is not None})}")
    print(json.dumps({
        "Cases": sum(kinds.values()), "Plain": kinds["Plain"], "Sensitive": kinds["Sensitive"], "Chaotic": kinds["Chaotic"],
        "Covered": coverage, "Failures": failures}))


warnings.simplefilter("ignore", RuntimeWarning)
main(sys.argv[1])
