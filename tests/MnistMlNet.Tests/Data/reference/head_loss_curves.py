#!/usr/bin/env python3
"""Loss curves of networks for numbers, counts and answers of yes or no, in NumPy float64: what HeadLossCurveTests compares with.

    python3 head_loss_curves.py [output.json]          (default: head_loss_curves.json in the folder of this file)

It shares no code with the trainer. 48 rows of 6 features, 5 hidden units; the rows in the order of the file, in batches of
10 (the last of each epoch has 8). Each epoch's loss is the mean over its rows of the mean over the outputs of the loss, as it
was before each batch's update, without penalties; a target of null is unknown and has no loss. R2 and RMSE are those of the
same outputs. Data and initial parameters are multiples of powers of two, so that float32 holds them exactly.
"""
import json
import os
import sys

import numpy as np

sys.dont_write_bytecode = True
from loss_curves import ACTIVATIONS, Lcg, is_weight, learning_rate, lines

ROWS, INPUTS, HIDDEN, BATCH, EPOCHS = 48, 6, 5, 10, 10
UNITS = np.array([1.0, 1024.0, 1 / 64, 8.0, 1.0])                              # of the five numbers of a row
OFFSETS = np.array([0.0, 65536.0, 0.0, -32.0, 1.0])
MINI_BATCHES = {"BatchSize": BATCH, "NumberOfEpochs": EPOCHS, "L2Regularization": 0, "LearningRateSchedule": "Constant"}


def make_data():
    lcg = Lcg(20260202)
    x = np.array([[(lcg.below(65) - 32) / 32 for _ in range(INPUTS)] for _ in range(ROWS)])
    noise = np.array([[(lcg.below(33) - 16) / 64 for _ in range(5)] for _ in range(ROWS)])
    plain = np.stack([x[:, 0] - x[:, 1] / 2, x[:, 2] * x[:, 3], np.abs(x[:, 4]), x[:, 5], x[:, 0] + x[:, 5]], axis=1)
    numbers = (np.round((plain + noise) * 64) / 64) * UNITS + OFFSETS
    counts = np.array([[lcg.below(4) + (2 if x[r, 0] > 0 else 0)] for r in range(ROWS)], dtype=float)
    binary = (plain[:, :1] + noise[:, :1] > 0).astype(float)
    answers = (plain[:, :3] + noise[:, :3] > 0).astype(float)
    for r in range(ROWS):
        for k in range(3):
            if lcg.below(4) == 0 and k != r % 3:                               # at least one answer of each row is known
                answers[r, k] = np.nan
    return x, {"binary": binary, "number": numbers[:, :1], "numbers": numbers, "counts": counts, "answers": answers}


def make_parameters(outputs):
    lcg = Lcg(11)

    def draw(*shape):
        return np.array([(lcg.below(65) - 32) / 64 for _ in range(int(np.prod(shape)))]).reshape(shape)

    return {"w1": draw(HIDDEN, INPUTS), "b1": draw(HIDDEN) / 4, "w2": draw(outputs, HIDDEN), "b2": draw(outputs) / 4}


def element_loss(kind, parameter, z, y):
    """Losses and slopes of single outputs."""
    e = z - y
    if kind == "LogLoss":
        return np.logaddexp(0, z) - y * z, 1 / (1 + np.exp(-z)) - y
    if kind == "Squared":
        return e ** 2, 2 * e
    if kind == "Absolute":
        return np.abs(e), np.sign(e)
    if kind == "Huber":
        near = np.abs(e) <= parameter
        return np.where(near, e ** 2 / 2, parameter * (np.abs(e) - parameter / 2)), np.clip(e, -parameter, parameter)
    if kind == "Poisson":
        return np.exp(z) - y * z, np.exp(z) - y
    assert kind == "Quantile"
    return np.maximum(-parameter * e, (1 - parameter) * e), np.where(e > 0, 1 - parameter, -parameter)


def scaling_of(kind, y):
    """Origin and unit of each target during training."""
    if kind == "Poisson":
        return np.zeros(y.shape[1]), y.mean(axis=0)
    if kind == "Squared":
        return y.mean(axis=0), y.std(axis=0)
    rows = np.sort(y, axis=0)
    n = len(rows)
    return rows[n // 2], (rows[3 * n // 4] - rows[n // 4]) / 1.3489795


def train(kind, parameter, x, y, initial, o):
    f, slope = ACTIVATIONS[o["Activation"]]
    k = y.shape[1]
    p = {name: value.copy() for name, value in initial.items()}
    center, unit = scaling_of(kind, y) if o.get("StandardizeTargets") else (np.zeros(k), np.ones(k))
    exponential = kind == "Poisson"
    if exponential:
        p["b2"] = p["b2"] - np.log(unit)
    else:
        p["w2"], p["b2"] = p["w2"] / unit[:, None], (p["b2"] - center) / unit
    target = (y - center) / unit
    weights = np.ones(ROWS)
    if "PositiveClassWeight" in o:
        weights = np.where(y[:, 0] == 1, o["PositiveClassWeight"], 1.0)
        weights = weights / weights.mean()
    smoothing = o.get("LabelSmoothing", 0)
    state = [{name: np.zeros_like(value) for name, value in p.items()} for _ in range(2)]
    steps, step = EPOCHS * -(-ROWS // BATCH), 0
    result = {"losses": [], "accuracies": [], "rmse": [], "r2": []}
    variance = (np.var(target, axis=0)).mean()
    for epoch in range(EPOCHS):
        loss = correct = squares = scaled_squares = 0.0
        for first in range(0, ROWS, BATCH):
            rows = slice(first, min(first + BATCH, ROWS))
            eta = learning_rate(o, step, steps, epoch)
            step += 1
            xb, yb, wb = x[rows], target[rows], weights[rows]
            known = ~np.isnan(yb)
            z1 = xb @ p["w1"].T + p["b1"]
            a1 = f(z1)
            z2 = a1 @ p["w2"].T + p["b2"]
            smooth = (1 - smoothing) * yb + smoothing / 2 if smoothing else yb
            losses, slopes = element_loss(kind, parameter, z2, np.where(known, smooth, 0))
            loss += (wb * np.where(known, losses, 0).sum(axis=1)).sum() / k
            if kind == "LogLoss":
                right = np.where(known, yb == (z2 > 0), False).sum(axis=1)
                correct += np.where(known.any(axis=1), right / np.maximum(known.sum(axis=1), 1), 1).sum()
            else:
                e = (np.exp(z2) if exponential else z2) - yb
                squares += ((e * unit) ** 2).mean(axis=1).sum()
                scaled_squares += (e ** 2).mean(axis=1).sum()
            dz2 = np.where(known, slopes, 0) * wb[:, None] / k / len(xb)
            dz1 = dz2 @ p["w2"] * slope(z1)
            g = {"w1": dz1.T @ xb, "b1": dz1.sum(axis=0), "w2": dz2.T @ a1, "b2": dz2.sum(axis=0)}
            for name, w in p.items():
                d = g[name]
                if o["Optimizer"] == "Adam":
                    m, v = state[0][name], state[1][name]
                    m[:] = 0.9 * m + 0.1 * d
                    v[:] = 0.999 * v + 0.001 * d ** 2
                    decay = 1 - eta * o["L2Regularization"] if is_weight(name) else 1
                    w[:] = w * decay - eta * (m / (1 - 0.9 ** step)) / (np.sqrt(v / (1 - 0.999 ** step)) + 1e-8)
                else:
                    w[:] = w - eta * (d + (o["L2Regularization"] * w if is_weight(name) else 0))
        result["losses"].append(loss / ROWS)
        if kind == "LogLoss":
            result["accuracies"].append(correct / ROWS)
        else:
            result["rmse"].append(np.sqrt(squares / ROWS))
            result["r2"].append(1 - scaled_squares / ROWS / variance)
    if exponential:
        p["b2"] = p["b2"] + np.log(unit)
    else:
        p["w2"], p["b2"] = p["w2"] * unit[:, None], p["b2"] * unit + center
    return p, result


ADAM = {**MINI_BATCHES, "Activation": "Tanh", "Optimizer": "Adam", "LearningRate": 0.02}
DESCENT = {**MINI_BATCHES, "Activation": "Relu", "Optimizer": "GradientDescent", "LearningRate": 0.05}

# Name, loss, its parameter, label column, options of the trainer.
SETTINGS = [
    ("Binary, Adam, L2", "LogLoss", 0, "binary", {**ADAM, "L2Regularization": 0.05}),
    ("Binary, gradient descent, smoothing, class weight", "LogLoss", 0, "binary", {
        **DESCENT, "LabelSmoothing": 0.2, "PositiveClassWeight": 2.5}),
    ("Many labels, some unknown", "LogLoss", 0, "answers", ADAM),
    ("Many labels, gradient descent", "LogLoss", 0, "answers", {**DESCENT, "LearningRate": 0.5}),
    ("Squared", "Squared", 0, "number", {**ADAM, "Loss": "Squared", "StandardizeTargets": True}),
    ("Squared, raw targets", "Squared", 0, "number", {**DESCENT, "Loss": "Squared", "StandardizeTargets": False}),
    ("Squared, five outputs", "Squared", 0, "numbers", {**ADAM, "Loss": "Squared", "StandardizeTargets": True}),
    ("Absolute, five outputs", "Absolute", 0, "numbers", {**ADAM, "Loss": "Absolute", "StandardizeTargets": True}),
    ("Huber, five outputs", "Huber", 0.75, "numbers", {**DESCENT, "Loss": "Huber", "HuberDelta": 0.75, "StandardizeTargets": True}),
    ("Quantile", "Quantile", 0.875, "number", {**ADAM, "Loss": "Quantile", "Quantile": 0.875, "StandardizeTargets": True}),
    ("Poisson", "Poisson", 0, "counts", {**ADAM, "Loss": "Poisson", "StandardizeTargets": True}),
    ("Poisson, raw targets", "Poisson", 0, "counts", {**DESCENT, "Loss": "Poisson", "StandardizeTargets": False}),
]


def values(array):
    return [None if np.isnan(v) else round(v, 10) for v in np.asarray(array, dtype=float).ravel().tolist()]


def main():
    x, labels = make_data()
    settings = []
    for name, kind, parameter, column, options in SETTINGS:
        y = labels[column]
        initial = make_parameters(y.shape[1])
        start = {key: value.copy() for key, value in initial.items()}
        if options.get("StandardizeTargets") and kind != "Poisson":
            # Near the targets, as a trained model is: the origin and unit of each, a power of two.
            unit, center = (UNITS[:y.shape[1]], OFFSETS[:y.shape[1]])
            start["w2"], start["b2"] = start["w2"] * unit[:, None], start["b2"] * unit + center
        p, result = train(kind, parameter, x, y, start, options)
        assert result["losses"][-1] < result["losses"][0] - 0.01, (name, result["losses"])
        settings.append({
            "name": name, "column": column, "options": options, "initial": {k: values(v) for k, v in start.items()},
            **{k: values(v) for k, v in result.items() if v}, "final": {k: values(v) for k, v in p.items()}})
    document = {
        "about": "Made by head_loss_curves.py in this folder.", "inputs": INPUTS, "hiddenUnits": HIDDEN, "features": values(x),
        "labels": {name: values(y) for name, y in labels.items()}, "settings": settings,
    }
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "head_loss_curves.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {lines(v)}" for k, v in document.items()) + "\n}\n")
    for setting in settings:
        print(f"{setting['name']}: {setting['losses'][0]:.6f} -> {setting['losses'][-1]:.6f}")


if __name__ == "__main__":
    main()
