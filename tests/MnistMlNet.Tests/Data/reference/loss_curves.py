#!/usr/bin/env python3
"""Loss curves of a two-layer network, in NumPy float64: the truth that LossCurveTests holds the trainer to.

    python3 loss_curves.py [output.json]          (default: loss_curves.json beside this file)

It shares no code with the trainer and knows no ML.NET: 60 rows, 12 features, 3 classes, 8 hidden units, the rows in the
order of the file, in batches of 16 (the last of each epoch has 12). Each epoch's loss is the mean over its rows of
weight * cross-entropy as it was before each batch's update, without penalties. Data and initial parameters are multiples
of powers of two, so that float32 holds them exactly. NumPy is all that is needed (Debian: python3-numpy).
"""
import json
import os
import sys

import numpy as np

ROWS, INPUTS, HIDDEN, CLASSES, BATCH, EPOCHS = 60, 12, 8, 3, 16, 10
MINI_BATCHES = {"BatchSize": BATCH, "NumberOfEpochs": EPOCHS}


class Lcg:
    """x <- 1103515245 x + 12345 mod 2^31, of which the upper bits are taken."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (1103515245 * self.state + 12345) % 2**31
        return (self.state >> 16) % bound


def make_data():
    """Three overlapping classes whose means differ in a third of the features each; a third of all values are 0."""
    lcg = Lcg(20260101)
    x, y = np.zeros((ROWS, INPUTS)), np.zeros(ROWS, dtype=int)
    for r in range(ROWS):
        y[r] = r % CLASSES if r % 7 else lcg.below(CLASSES)
        for i in range(INPUTS):
            noise = (lcg.below(33) - 16) / 16                                 # -1 .. 1
            keep = lcg.below(3) > 0
            x[r, i] = (noise + (0.5 if i % CLASSES == r % CLASSES else 0)) if keep else 0
    return x, y


def make_parameters():
    lcg = Lcg(7)

    def draw(*shape):
        return np.array([(lcg.below(65) - 32) / 64 for _ in range(int(np.prod(shape)))]).reshape(shape)

    return {"w1": draw(HIDDEN, INPUTS), "b1": draw(HIDDEN) / 4, "w2": draw(CLASSES, HIDDEN), "b2": draw(CLASSES) / 4}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


ACTIVATIONS = {                                                                 # f(z) and f'(z)
    "Relu": (lambda z: np.where(z > 0, z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "LeakyRelu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
    "Tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "Sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "Identity": (lambda z: z, np.ones_like),
}


def loss_and_gradients(p, x, targets, weights, activation):
    """Sums over the rows of weight * cross-entropy, and the gradients of their mean over the rows."""
    f, slope = ACTIVATIONS[activation]
    z1 = x @ p["w1"].T + p["b1"]
    a1 = f(z1)
    z2 = a1 @ p["w2"].T + p["b2"]
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -(weights * (targets * log_p).sum(axis=1)).sum()
    dz2 = weights[:, None] * (np.exp(log_p) - targets) / len(x)
    dz1 = dz2 @ p["w2"] * slope(z1)
    return loss, {"w1": dz1.T @ x, "b1": dz1.sum(axis=0), "w2": dz2.T @ a1, "b2": dz2.sum(axis=0)}


def learning_rate(o, step, steps, epoch):
    eta, schedule = o["LearningRate"], o["LearningRateSchedule"]
    if schedule == "Cosine":
        return eta / 2 * (1 + np.cos(np.pi * step / steps))
    if schedule == "InverseScaling":
        return eta / (1 + epoch) ** o["InverseScalingPower"]
    assert schedule == "Constant"
    return eta


def is_weight(name):
    return name.startswith("w")


def train(x, y, initial, o, seen):
    """Mini-batch training. o holds the options by the trainer's own names; seen counts what took effect."""
    p = {name: value.copy() for name, value in initial.items()}
    state = [{name: np.zeros_like(value) for name, value in p.items()} for _ in range(2)]
    smoothing, l1, l2 = o.get("LabelSmoothing", 0), o.get("L1Regularization", 0), o["L2Regularization"]
    one_hot = np.eye(CLASSES)[y]
    targets = (1 - smoothing) * one_hot + smoothing / CLASSES
    weights = np.array([o["ClassWeights"][str(c)] for c in y]) if "ClassWeights" in o else np.ones(ROWS)
    steps, step, losses, plain_losses = EPOCHS * -(-ROWS // BATCH), 0, [], []
    for epoch in range(EPOCHS):
        loss = plain = 0.0
        for first in range(0, ROWS, BATCH):
            batch = slice(first, min(first + BATCH, ROWS))
            eta = learning_rate(o, step, steps, epoch)
            step += 1
            plain += loss_and_gradients(p, x[batch], one_hot[batch], weights[batch], o["Activation"])[0]
            batch_loss, g = loss_and_gradients(p, x[batch], targets[batch], weights[batch], o["Activation"])
            loss += batch_loss
            if "GradientClipNorm" in o:
                norm = np.sqrt(sum((value ** 2).sum() for value in g.values()))
                factor = min(1, o["GradientClipNorm"] / norm)
                seen["clipped"] = seen.get("clipped", 0) + (factor < 1)
                g = {name: value * factor for name, value in g.items()}
            for name, w in p.items():
                d = g[name]
                if is_weight(name) and l1:
                    d = d + l1 * np.sign(w)
                if is_weight(name) and l2 and o["Optimizer"] != "Adam":
                    d = d + l2 * w
                first_moment, second_moment = state[0][name], state[1][name]
                if o["Optimizer"] == "Adam":
                    first_moment[:] = 0.9 * first_moment + 0.1 * d
                    second_moment[:] = 0.999 * second_moment + 0.001 * d ** 2
                    decay = 1 - eta * l2 if is_weight(name) else 1
                    w[:] = w * decay - eta * (first_moment / (1 - 0.9 ** step)) / (np.sqrt(second_moment / (1 - 0.999 ** step)) + 1e-8)
                elif o["Optimizer"] == "RmsProp":
                    rho = o["RmsPropDecay"]
                    second_moment[:] = rho * second_moment + (1 - rho) * d ** 2
                    w[:] = w - eta * d / (np.sqrt(second_moment) + 1e-8)
                else:
                    mu = o.get("Momentum", 0)
                    first_moment[:] = mu * first_moment - eta * d
                    w[:] = w + (mu * first_moment - eta * d if o.get("Nesterov") else first_moment)
            if "MaxNorm" in o:
                norms = np.sqrt((p["w1"] ** 2).sum(axis=1, keepdims=True))
                seen["limited"] = seen.get("limited", 0) + int((norms > o["MaxNorm"]).sum())
                p["w1"] *= np.minimum(1, o["MaxNorm"] / norms)
        losses.append(loss / ROWS)
        plain_losses.append(plain / ROWS)
    return p, losses, plain_losses


def minimize(x, y, initial, o):
    """The nearest minimum of mean loss + l2/2 |weights|^2, by BFGS with the full matrix: not the trainer's algorithm, but the same minimum."""
    names, shapes = list(initial), {name: value.shape for name, value in initial.items()}
    one_hot, ones, l2 = np.eye(CLASSES)[y], np.ones(ROWS), o["L2Regularization"]

    def unflatten(v):
        p, start = {}, 0
        for name in names:
            size = int(np.prod(shapes[name]))
            p[name] = v[start:start + size].reshape(shapes[name])
            start += size
        return p

    def objective(v):
        p = unflatten(v)
        loss, g = loss_and_gradients(p, x, one_hot, ones, o["Activation"])
        value = loss / ROWS
        for name in names:
            if is_weight(name):
                value += l2 / 2 * (p[name] ** 2).sum()
                g[name] = g[name] + l2 * p[name]
        return value, np.concatenate([g[name].ravel() for name in names])

    v = np.concatenate([initial[name].ravel() for name in names])
    h = np.eye(len(v))
    value, g = objective(v)
    while np.abs(g).max() > 1e-9:
        direction = -h @ g
        if g @ direction >= 0:
            h, direction = np.eye(len(v)), -g
        step = 1.0
        while objective(v + step * direction)[0] > value + 1e-4 * step * (g @ direction) and step > 1e-12:
            step /= 2
        if step <= 1e-12:
            break
        s = step * direction
        v = v + s
        value, new_g = objective(v)
        change, g = new_g - g, new_g
        if change @ s > 1e-14 * np.linalg.norm(change) * np.linalg.norm(s):
            rho = 1 / (change @ s)
            left = np.eye(len(v)) - rho * np.outer(s, change)
            h = left @ h @ left.T + rho * np.outer(s, s)
    assert np.abs(g).max() < 1e-7, np.abs(g).max()
    p = unflatten(v)
    return p, value, loss_and_gradients(p, x, one_hot, ones, o["Activation"])[0] / ROWS


SETTINGS = [
    ("Relu, Adam, decoupled L2, cosine", {
        **MINI_BATCHES, "Activation": "Relu", "Optimizer": "Adam", "LearningRate": 0.01, "LearningRateSchedule": "Cosine", "L2Regularization": 0.05}),
    ("Tanh, Nesterov, L2", {
        **MINI_BATCHES, "Activation": "Tanh", "Optimizer": "GradientDescent", "LearningRate": 0.05, "LearningRateSchedule": "Constant",
        "Momentum": 0.9, "Nesterov": True, "L2Regularization": 1e-3}),
    ("Sigmoid, RMSProp, L2, inverse scaling", {
        **MINI_BATCHES, "Activation": "Sigmoid", "Optimizer": "RmsProp", "LearningRate": 0.01, "LearningRateSchedule": "InverseScaling", "InverseScalingPower": 0.5,
        "RmsPropDecay": 0.9, "L2Regularization": 1e-4}),
    ("Leaky ReLU, Adam, label smoothing", {
        **MINI_BATCHES, "Activation": "LeakyRelu", "Optimizer": "Adam", "LearningRate": 0.01, "LearningRateSchedule": "Constant", "L2Regularization": 0,
        "LabelSmoothing": 0.1}),
    ("Identity, gradient descent, L1, class weights", {
        **MINI_BATCHES, "Activation": "Identity", "Optimizer": "GradientDescent", "LearningRate": 0.1, "LearningRateSchedule": "Constant", "L2Regularization": 0,
        "L1Regularization": 1e-3, "ClassWeights": None}),
    ("Relu, Adam, clipping, max-norm", {
        **MINI_BATCHES, "Activation": "Relu", "Optimizer": "Adam", "LearningRate": 0.02, "LearningRateSchedule": "Constant", "L2Regularization": 0,
        "GradientClipNorm": 0.3, "MaxNorm": 1.1}),
]

# What an option would be if the trainer ignored it: each must move some epoch's loss by more than the test tolerates.
IGNORED = {
    "LearningRateSchedule": "Constant", "L2Regularization": 0, "Momentum": 0, "Nesterov": False, "RmsPropDecay": 0.99, "LabelSmoothing": 0,
    "L1Regularization": 0, "ClassWeights": {"0": 1, "1": 1, "2": 1}, "GradientClipNorm": 1e9, "MaxNorm": 1e9,
}

# The limit of iterations is the trainer's: L-BFGS with 5 to 20 pairs takes 260 to 370 to where no gradient is above 1e-5. There are other minima,
# but from these parameters L-BFGS (SciPy's too, with 3 to 20 pairs) and the full matrix all come to this one.
MINIMUM = ("Tanh, L-BFGS, L2", {"Activation": "Tanh", "Optimizer": "Lbfgs", "NumberOfEpochs": 1000, "L2Regularization": 1e-2})


def numbers(values):
    return np.asarray(values, dtype=float).ravel().round(10).tolist()


def main():
    x, y = make_data()
    initial = make_parameters()
    counts = np.bincount(y, minlength=CLASSES)
    settings = []
    for name, options in SETTINGS:
        if "ClassWeights" in options:
            # Unequal weights whose mean over the rows is 1, so that it doesn't matter whether losses are divided by rows or by weights.
            weights = [0.5, 1.0, (ROWS - 0.5 * counts[0] - counts[1]) / counts[2]]
            options["ClassWeights"] = {str(c): weight for c, weight in enumerate(weights)}
        seen = {}
        p, losses, plain = train(x, y, initial, options, seen)
        assert losses[-1] < losses[0] - 0.05, name
        if "GradientClipNorm" in options:
            assert 0 < seen["clipped"] < 40 and seen["limited"] > 0, seen          # both do something, and clipping not always
        for option in options.keys() & IGNORED.keys():
            ignored = train(x, y, initial, {**options, option: IGNORED[option]}, {})[1]
            assert options[option] in (0, "Constant") or np.abs(np.subtract(losses, ignored)).max() > 3e-4, (name, option)
        setting = {"name": name, "options": options, "losses": numbers(losses), "final": {k: numbers(v) for k, v in p.items()}}
        if "LabelSmoothing" in options:
            setting["plainLosses"] = numbers(plain)
        settings.append(setting)
    name, options = MINIMUM
    p, objective, loss = minimize(x, y, initial, options)
    settings.append({"name": name, "options": options, "objective": round(objective, 10), "losses": numbers([loss]), "final": {k: numbers(v) for k, v in p.items()}})
    document = {
        "about": "Made by loss_curves.py beside this file.", "inputs": INPUTS, "hiddenUnits": HIDDEN, "classes": CLASSES,
        "features": numbers(x), "labels": y.tolist(), "initial": {k: numbers(v) for k, v in initial.items()}, "settings": settings,
    }
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "loss_curves.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {lines(v)}" for k, v in document.items()) + "\n}\n")
    for setting in settings:
        print(f"{setting['name']}: {setting['losses'][0]:.6f} -> {setting['losses'][-1]:.6f}")


def lines(value):
    """One line a setting: a change shows in a diff where it is."""
    return "[\n" + ",\n".join(json.dumps(item) for item in value) + "\n]" if isinstance(value, list) and isinstance(value[0], dict) else json.dumps(value)


if __name__ == "__main__":
    main()
