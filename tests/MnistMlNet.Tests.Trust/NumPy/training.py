"""A whole training in NumPy, from docs/mathematics.md and the options' own documentation."""
import math

import numpy as np

from lbfgs import Lbfgs
from network import NAMES, clip, forward, gradient, limit_norms, measure
from optimizers import OPTIMIZERS, LearningRates, given
from randoms import mask, shuffled


class RowSet:
    """Rows as they are trained on: scaled, weighted, with smoothed targets."""

    def __init__(self, rows, values, case, is_training):
        options, classes = case["Options"], case["Classes"]
        self.labels = np.array(rows["Labels"])
        self.x = values(rows["Features"], len(self.labels), case["Inputs"])
        weights = values(rows["Weights"], len(self.labels)) if options["ExampleWeightColumnName"] else np.ones(len(self.labels))
        self.weights = weights / weights.mean()
        self.example_weights = self.weights
        smoothing = options["LabelSmoothing"] if is_training else 0
        self.target = (1 - smoothing) * np.eye(classes)[self.labels] + smoothing / classes
        if is_training:
            self.weights = self.weights * self.class_factors(options, classes)[self.labels]

    def class_factors(self, options, classes):
        counts = np.bincount(self.labels, minlength=classes)
        if options["BalancedClassWeights"]:
            return len(self.labels) / ((counts > 0).sum() * np.maximum(counts, 1))
        named = options["ClassWeights"] or {}
        factors = np.array([named.get(str(c), 1) for c in range(classes)])
        return factors / (self.weights * factors[self.labels]).mean()


def standard(x, w):
    """Mean and deviation of the values that are within 5 deviations of the mean, as far as no value comes to more than 100.

    If they are less than 98 % of the rows and not all equal, mean and deviation are those of all values.
    """
    near = np.ones(len(x), bool)
    mean, deviation = all_rows = spread(x, w, near)
    for _ in range(5):
        if abs(x - mean).max() <= 5 * deviation:
            break
        before = deviation
        near = abs(x - mean) <= 5 * deviation
        mean, deviation = spread(x, w, near)
        if deviation >= 0.99 * before:
            break
    if w[near].sum() < 0.98 * w.sum() and deviation > 0:
        mean, deviation = all_rows
    reach = abs(x - mean).max()
    scale = max(deviation, reach / 100) if deviation > 0 else reach or 1
    return (0, 1) if abs(mean) <= 0.1 * scale and 0.5 <= scale <= 2 else (mean, scale)


def spread(x, w, chosen):
    mean = np.average(x[chosen], weights=w[chosen])
    return mean, math.sqrt(np.average((x[chosen] - mean) ** 2, weights=w[chosen]))


class Outcome:
    """Parameters, and what was measured after each epoch."""

    def __init__(self):
        self.epochs = []
        self.faults = []
        self.p = None


class Stopping:
    """Patience and the best epoch."""

    def __init__(self, options):
        self.patience, self.tolerance = options["EarlyStoppingPatience"], options["EarlyStoppingTolerance"]
        self.best, self.reference, self.waited = math.inf, math.inf, 0

    def take(self, loss):
        """Whether the epoch is the best so far."""
        if loss < self.reference - self.tolerance:
            self.reference, self.waited = loss, 0
        else:
            self.waited += 1
        is_best = loss < self.best
        self.best = min(loss, self.best)
        return is_best

    def is_over(self):
        return 0 < self.patience <= self.waited


def batch_size(options, rows):
    if options["BatchSize"] is not None:
        return min(options["BatchSize"] or rows, rows)
    return min(64, max(8, 2 ** math.ceil(math.log2(math.ceil(rows / 100)))))


def windows(options, rows, inputs, size):
    """The first row and the number of rows of each window."""
    if options["CacheRows"]:
        return [(0, rows)]
    window = min(1 << 18, max(256, (1 << 23) // inputs))
    window = max(size, window // size * size)
    return [(first, min(window, rows - first)) for first in range(0, rows, window)]


class Training:
    def __init__(self, case, values):
        self.case, self.options = case, case["Options"]
        self.rows = RowSet(case["Training"], values, case, True)
        self.held = RowSet(case["Validation"], values, case, False) if case["Validation"] else None
        self.shapes = {"w1": (-1, case["Inputs"]), "b1": (-1,), "w2": (case["Classes"], -1), "b2": (-1,)}
        self.center, self.scale = self.find_scaling()
        for rows in (self.rows, self.held):
            if rows:
                rows.x = (rows.x - self.center) / self.scale
        self.initial = self.parameters(case["Initial"], values)

    def find_scaling(self):
        """What is subtracted from each feature, and what it is divided by then: Options.StandardizeFeatures."""
        x, w = self.rows.x, self.rows.example_weights
        center, scale = np.zeros(x.shape[1]), np.ones(x.shape[1])
        if not self.options["StandardizeFeatures"]:
            return center, scale
        largest, share = abs(x).max(), np.average(x != 0, axis=0, weights=w)
        if largest > 10 or 0 < largest < 0.1:
            scale[:] = largest
        for i in range(x.shape[1]):
            magnitude = abs(x[:, i]).max()
            if share.mean() > 0.4 or share[i] >= 0.9:
                center[i], scale[i] = standard(x[:, i], w)
            elif largest >= 0.1:
                scale[i] = magnitude if magnitude > 10 or 0 < magnitude < 1e-3 else 1
        return np.float32(center).astype(float), np.float32(scale).astype(float)

    def parameters(self, arrays, values):
        """Parameters for scaled features."""
        p = {name: values(arrays[name.upper()]).reshape(self.shapes[name]) for name in NAMES}
        p["b1"] = p["b1"] + p["w1"] @ self.center
        p["w1"] = p["w1"] * self.scale
        return p

    def measure_held(self, p, noise):
        if not self.held:
            return None, None, None
        measured = measure(forward(p, self.held.x, self.options["Activation"], None, noise)[2], self.held.target)
        return summary(measured.losses, self.held.weights, measured.predicted == self.held.labels, measured.margins)

    def run(self, noise):
        outcome, stopping = Outcome(), Stopping(self.options)
        p = {name: self.initial[name].copy() for name in NAMES}
        best = p
        epochs = self.lbfgs_epochs(p, noise, outcome) if self.options["Optimizer"] == "Lbfgs" else self.epochs(p, noise)
        for loss, hits, margins, rate, ended in epochs:
            held_loss, held_hits, held_margins = self.measure_held(p, noise)
            outcome.epochs.append((loss, hits, margins, held_loss, held_hits, held_margins, rate))
            judged = loss if held_loss is None else held_loss
            if stopping.take(judged):
                best = {name: p[name].copy() for name in NAMES}
            ended(judged)
            if stopping.is_over():
                break
        outcome.p = best if self.options["RestoreBestEpoch"] else p
        return outcome

    def lbfgs_epochs(self, p, noise, outcome):
        minimizer = Lbfgs(self.options, p, self.rows, self.options["Activation"], noise)
        outcome.faults = minimizer.faults
        lengths = [epoch["LearningRate"] for epoch in self.case["Epochs"]]
        for i, length in enumerate(lengths):
            minimizer.step(length)
            measured = minimizer.measured
            loss, hits, margins = summary(measured.losses, self.rows.weights, measured.predicted == self.rows.labels, measured.margins)
            yield loss, hits, margins, length, lambda judged: None
        # Only after the last one may it have stopped by itself.
        if len(lengths) < self.options["NumberOfEpochs"] and lengths[-1] != 0 and not minimizer.is_converged():
            outcome.faults.append(f"it stops after {len(lengths)} epochs with a gradient of {abs(minimizer.g).max()}")

    def epochs(self, p, noise):
        options, rows = self.options, self.rows
        count, inputs = rows.x.shape
        size = batch_size(options, count)
        magnitude = abs(rows.x).sum(axis=1).mean()
        rates = LearningRates(options, magnitude, math.ceil(count / size))
        optimizer = OPTIMIZERS[options["Optimizer"]](options, p, magnitude)
        many = options["Optimizer"] == "Adam" and inputs >= 100
        input_dropout = given(options["InputDropout"], 0.1 if many else 0)
        step = 0
        for epoch in range(1, options["NumberOfEpochs"] + 1):
            input_mask = mask(options["Seed"], epoch, count, inputs, input_dropout, False)
            hidden_mask = mask(options["Seed"], epoch, count, len(p["b1"]), options["HiddenDropout"], True)
            seen = []
            for window, (start, length) in enumerate(windows(options, count, inputs, size)):
                order = start + (shuffled(length, options["Seed"], epoch, window) if options["Shuffle"] else np.arange(length))
                for first in range(0, length, size):
                    batch = order[first:first + size]
                    rate = rates.at(step)
                    step += 1
                    g, measured = gradient(
                        p, rows.x[batch], rows.target[batch], rows.weights[batch], options["Activation"],
                        None if input_mask is None else input_mask[batch], None if hidden_mask is None else hidden_mask[batch], noise)
                    seen.append((batch, measured))
                    if options["GradientClipNorm"]:
                        g = clip(g, options["GradientClipNorm"])
                    optimizer.step(p, g, rate)
                    for name in NAMES:
                        p[name] = noise.add(p[name], lambda: abs(p[name]))
                    if options["MaxNorm"]:
                        p["w1"] = limit_norms(p["w1"], options["MaxNorm"])
            batch = np.concatenate([batch for batch, _ in seen])
            losses, predicted, margins = (np.concatenate([getattr(m, field) for _, m in seen]) for field in ("losses", "predicted", "margins"))
            yield (*summary(losses, rows.weights[batch], predicted == rows.labels[batch], margins), rate, rates.epoch_ended)


def summary(losses, weights, hits, margins):
    """The weighted mean of losses, the rows whose class was hit, and how far the best class is ahead of the second one."""
    return (losses * weights).sum() / weights.sum(), hits.sum(), margins
