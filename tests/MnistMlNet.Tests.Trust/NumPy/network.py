"""The formulas of docs/mathematics.md in float64: B rows, I inputs, H hidden units, C classes."""
import math

import numpy as np

NAMES = ("w1", "b1", "w2", "b2")
WEIGHTS = ("w1", "w2")

normal = np.vectorize(lambda z: 0.5 * math.erfc(-z * math.sqrt(0.5)), otypes=[float])


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def gelu_tanh_argument(z):
    return math.sqrt(2 / math.pi) * (z + 0.044715 * z ** 3)


def gelu_tanh_slope(z):
    tanh = np.tanh(gelu_tanh_argument(z))
    return 0.5 * (1 + tanh) + 0.5 * z * (1 - tanh ** 2) * math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * z ** 2)


ACTIVATIONS = {                                                                 # f(z), and f' by z and a = f(z)
    "Relu": (lambda z: np.maximum(z, 0), lambda z, a: (a > 0) * 1.0),
    "LeakyRelu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z, a: np.where(a > 0, 1, 0.01)),
    "Tanh": (np.tanh, lambda z, a: 1 - a * a),
    "Sigmoid": (sigmoid, lambda z, a: a - a * a),
    "Identity": (lambda z: z, lambda z, a: np.ones_like(z)),
    "Gelu": (lambda z: z * normal(z), lambda z, a: normal(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)),
    "GeluTanh": (lambda z: 0.5 * z * (1 + np.tanh(gelu_tanh_argument(z))), lambda z, a: gelu_tanh_slope(z)),
    "Silu": (lambda z: z * sigmoid(z), lambda z, a: sigmoid(z) * (1 + z * (1 - sigmoid(z)))),
}


class Noise:
    """Rounding as float32 does it: a sum is off by a share of the magnitudes of its terms."""

    SHARE = 2.0 ** -23

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def add(self, values, magnitudes):
        return values + self.SHARE * self.random.standard_normal(values.shape) * magnitudes()


class Exact:
    """No rounding but float64's."""

    def add(self, values, magnitudes):
        return values


class Rows:
    """Results of a pass over some rows."""

    def __init__(self, losses, predicted, margins):
        self.losses = losses
        self.predicted = predicted
        self.margins = margins


def forward(p, x, activation, hidden_mask, noise):
    z1 = noise.add(x @ p["w1"].T + p["b1"], lambda: abs(x) @ abs(p["w1"]).T + abs(p["b1"]))
    function, derivative = ACTIVATIONS[activation]
    a = function(z1)
    dropped = a if hidden_mask is None else a * hidden_mask
    z2 = noise.add(dropped @ p["w2"].T + p["b2"], lambda: abs(dropped) @ abs(p["w2"]).T + abs(p["b2"]))
    z2 = z2 - z2.max(axis=1, keepdims=True)
    return derivative(z1, a), dropped, z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))


def measure(logs, target):
    largest = np.partition(logs, -2, axis=1)[:, -2:]
    return Rows(-(target * logs).sum(axis=1), logs.argmax(axis=1), largest[:, 1] - largest[:, 0])


def gradient(p, x, target, weights, activation, input_mask, hidden_mask, noise):
    """The gradient of the mean over the rows of weight × loss."""
    x = x if input_mask is None else x * input_mask
    back, dropped, logs = forward(p, x, activation, hidden_mask, noise)
    share = weights[:, None] / len(x)
    dz2 = noise.add((np.exp(logs) - target) * share, lambda: (np.exp(logs) + target) * share)
    back = back if hidden_mask is None else back * hidden_mask
    dz1 = noise.add(back * (dz2 @ p["w2"]), lambda: abs(back) * (abs(dz2) @ abs(p["w2"])))
    g = {
        "w1": noise.add(dz1.T @ x, lambda: abs(dz1).T @ abs(x)),
        "b1": noise.add(dz1.sum(axis=0), lambda: abs(dz1).sum(axis=0)),
        "w2": noise.add(dz2.T @ dropped, lambda: abs(dz2).T @ abs(dropped)),
        "b2": noise.add(dz2.sum(axis=0), lambda: abs(dz2).sum(axis=0)),
    }
    return g, measure(logs, target)


def clip(g, limit):
    norm = np.sqrt(sum((g[name] ** 2).sum() for name in NAMES))
    return {name: g[name] * min(1, limit / norm) if norm > 0 else g[name] for name in NAMES}


def limit_norms(w1, limit):
    norms = np.sqrt((w1 ** 2).sum(axis=1, keepdims=True))
    return w1 * np.where(norms > limit, limit / np.maximum(norms, 1e-300), 1)
