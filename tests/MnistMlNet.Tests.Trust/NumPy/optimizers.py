"""The updates of docs/mathematics.md. Options that are left open are filled in by its table of defaults."""
import math

import numpy as np

from network import NAMES, WEIGHTS


def given(value, otherwise):
    return otherwise if value is None else value


def zeros(p):
    return {name: np.zeros_like(p[name]) for name in NAMES}


def halvings(magnitude):
    """How often the default learning rate is halved, by the rows' mean sum of |x|."""
    return max(0, math.ceil(math.log2(magnitude / 250))) if magnitude > 0 else 0


class Coupled:
    """Penalties that are part of the gradient."""

    def __init__(self, options):
        self.l2 = given(options["L2Regularization"], 0)
        self.l1 = options["L1Regularization"]

    def slope(self, p, g, name):
        return g[name] + self.l2 * p[name] + self.l1 * np.sign(p[name]) if name in WEIGHTS else g[name]


class GradientDescent(Coupled):
    def __init__(self, options, p, _):
        super().__init__(options)
        self.momentum, self.nesterov = options["Momentum"], options["Nesterov"]
        self.u = zeros(p)

    def step(self, p, g, rate):
        for name in NAMES:
            slope = self.slope(p, g, name)
            self.u[name] = self.momentum * self.u[name] - rate * slope
            p[name] = p[name] + (self.momentum * self.u[name] - rate * slope if self.nesterov else self.u[name])


class RmsProp(Coupled):
    def __init__(self, options, p, _):
        super().__init__(options)
        self.decay, self.epsilon = given(options["RmsPropDecay"], 0.9), given(options["Epsilon"], 1e-8)
        self.v = zeros(p)

    def step(self, p, g, rate):
        for name in NAMES:
            slope = self.slope(p, g, name)
            self.v[name] = self.decay * self.v[name] + (1 - self.decay) * slope ** 2
            p[name] = p[name] - rate * slope / (np.sqrt(self.v[name]) + self.epsilon)


class Adam:
    def __init__(self, options, p, magnitude):
        chosen = 0.05 if options["LearningRate"] is not None else 0.05 * 2 ** halvings(magnitude)
        self.l2, self.l1 = given(options["L2Regularization"], chosen), options["L1Regularization"]
        self.beta1, self.beta2 = given(options["Beta1"], 0.9), given(options["Beta2"], 0.999)
        self.epsilon = given(options["Epsilon"], 1e-8)
        self.m, self.v, self.t = zeros(p), zeros(p), 0

    def step(self, p, g, rate):
        self.t += 1
        for name in NAMES:
            self.m[name] = self.m[name] + (1 - self.beta1) * (g[name] - self.m[name])
            self.v[name] = self.v[name] + (1 - self.beta2) * (g[name] ** 2 - self.v[name])
            m = self.m[name] / (1 - self.beta1 ** self.t)
            v = self.v[name] / (1 - self.beta2 ** self.t)
            decay = float(np.float32(1 - rate * self.l2)) if name in WEIGHTS else 1
            w = decay * p[name] - rate * m / (np.sqrt(v) + self.epsilon)
            p[name] = np.sign(w) * np.maximum(0, abs(w) - rate * self.l1) if name in WEIGHTS else w


OPTIMIZERS = {"GradientDescent": GradientDescent, "RmsProp": RmsProp, "Adam": Adam}


class LearningRates:
    """The rate of each step."""

    def __init__(self, options, magnitude, steps_per_epoch):
        self.options = options
        optimizer = options["Optimizer"]
        self.schedule = given(options["LearningRateSchedule"], "Constant" if optimizer == "GradientDescent" else "Cosine")
        chosen = {"GradientDescent": 0.1, "Adam": 0.004 / 2 ** halvings(magnitude), "RmsProp": 0.001 / 2 ** halvings(magnitude)}[optimizer]
        self.rate = given(options["LearningRate"], chosen)
        self.steps_per_epoch = steps_per_epoch
        self.warm_up = round(options["WarmUpEpochs"] * steps_per_epoch)
        self.after = max(1, steps_per_epoch * options["NumberOfEpochs"] - self.warm_up)
        self.factor = given(options["LearningRateDropFactor"], 0.1)
        self.every = given(options["LearningRateDropEpochs"], 3 if self.schedule == "OnPlateau" else 10)
        self.best, self.waited, self.dropped = math.inf, 0, 1

    def at(self, step):
        if step < self.warm_up:
            return self.rate * (step + 1) / self.warm_up
        t = step - self.warm_up
        epoch = t // self.steps_per_epoch
        return self.rate * {
            "Constant": lambda: 1,
            "Cosine": lambda: 0.5 * (1 + math.cos(math.pi * t / self.after)),
            "Linear": lambda: 1 - t / self.after,
            "Step": lambda: self.factor ** (epoch // self.every),
            "InverseScaling": lambda: (1 + epoch) ** -given(self.options["InverseScalingPower"], 0.5),
            "OnPlateau": lambda: self.dropped,
        }[self.schedule]()

    def epoch_ended(self, loss):
        if loss < self.best - self.options["EarlyStoppingTolerance"]:
            self.best, self.waited = loss, 0
        else:
            self.waited += 1
            if self.waited >= self.every:
                self.dropped *= self.factor
                self.waited = 0
