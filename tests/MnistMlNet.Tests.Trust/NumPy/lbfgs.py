"""L-BFGS along the steps that were taken: directions are computed here, and lengths are held against the strong Wolfe conditions."""
import numpy as np

from network import NAMES, WEIGHTS, gradient
from optimizers import given

TOLERANCE = 1e-5


class Lbfgs:
    def __init__(self, options, p, rows, activation, noise):
        self.p, self.rows, self.activation, self.noise = p, rows, activation, noise
        self.l2 = given(options["L2Regularization"], 1e-4)
        self.size = given(options["LbfgsHistorySize"], 10)
        self.pairs = []
        self.shapes = {name: p[name].shape for name in NAMES}
        self.w = np.concatenate([p[name].ravel() for name in NAMES])
        self.loss, self.g, self.measured = self.evaluate(self.w)
        self.faults = []

    def parameters(self, w):
        p, first = {}, 0
        for name in NAMES:
            count = int(np.prod(self.shapes[name]))
            p[name] = w[first:first + count].reshape(self.shapes[name])
            first += count
        return p

    def evaluate(self, w):
        p = self.parameters(w)
        g, measured = gradient(p, self.rows.x, self.rows.target, self.rows.weights, self.activation, None, None, self.noise)
        penalty = 0
        for name in WEIGHTS:
            g[name] = g[name] + self.l2 * p[name]
            penalty += 0.5 * self.l2 * (p[name] ** 2).sum()
        return (self.rows.weights * measured.losses).mean() + penalty, np.concatenate([g[name].ravel() for name in NAMES]), measured

    def direction(self):
        """Algorithm 7.4 with H0 = sᵀy / yᵀy of the newest pair."""
        q, alphas = -self.g, []
        for s, y in reversed(self.pairs):
            alphas.append(s @ q / (y @ s))
            q = q - alphas[-1] * y
        if self.pairs:
            s, y = self.pairs[-1]
            q = q * (s @ y / (y @ y))
        for (s, y), alpha in zip(self.pairs, reversed(alphas)):
            q = q + s * (alpha - y @ q / (y @ s))
        return q

    def step(self, length):
        """One iteration of a given length; 0 where nothing lower was found."""
        if length == 0:
            return
        d = self.direction()
        slope = self.g @ d
        if not slope < 0:
            self.pairs = []
            d = -self.g
            slope = self.g @ d
        w = self.w + length * d
        w = self.noise.add(w, lambda: abs(w))
        loss, g, measured = self.evaluate(w)
        if loss > self.loss + 1e-4 * length * slope + 1e-6 * (1 + abs(self.loss)):
            self.faults.append(f"F rises from {self.loss} to {loss} at the slope {slope} and the length {length}")
        # At a kink of ReLU the slope jumps, and there may be no length at which it is small.
        if "Relu" not in self.activation and abs(g @ d) > 0.9 * abs(slope) + 1e-4 * np.linalg.norm(d) * np.linalg.norm(self.g):
            self.faults.append(f"the slope goes from {slope} to {g @ d} at the length {length}")
        s, y = w - self.w, g - self.g
        if y @ s > 1e-10 * np.linalg.norm(y) * np.linalg.norm(s):
            self.pairs = (self.pairs + [(s, y)])[-self.size:]
        self.w, self.loss, self.g, self.measured = w, loss, g, measured
        self.p.update(self.parameters(w))

    def is_converged(self):
        return abs(self.g).max() <= 2 * TOLERANCE
