# The original NumPy script, mended as docs/mathematics.md tells: samples are columns, biases are columns, everything is float64.
# Its data are MNIST's own files in the current folder.
import gzip

import numpy as np


def init_params():
    w1 = np.random.rand(32, 784) - 0.5
    b1 = np.zeros((32, 1)) - 0.5
    w2 = np.random.rand(10, 32) - 0.5
    b2 = np.zeros((10, 1)) - 0.5
    return w1, b1, w2, b2


def relu(z):
    return np.maximum(z, 0)


def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def forward(w1, b1, w2, b2, X):
    z1 = np.dot(w1, X) + b1.reshape(-1, 1)
    a1 = relu(z1)
    z2 = np.dot(w2, a1) + b2.reshape(-1, 1)
    a2 = softmax(z2)
    return z1, a1, z2, a2


def back_prop(z1, a1, z2, a2, w2, X, Y):
    m = Y.size
    dz2 = (a2 - np.eye(10)[Y].T) / m
    dz1 = (z1 > 0) * np.dot(w2.T, dz2)
    return np.dot(dz1, X.T), dz1.sum(axis=1, keepdims=True), np.dot(dz2, a1.T), dz2.sum(axis=1, keepdims=True)


def train(parameters, X, Y, steps, rate):
    for _ in range(steps):
        gradients = back_prop(*forward(*parameters, X), parameters[2], X, Y)
        parameters = tuple(p - rate * g for p, g in zip(parameters, gradients))
    return parameters


def read(name, offset):
    with gzip.open(name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


np.random.seed(1)
Y_train = read("train-labels-idx1-ubyte.gz", 8)
X_train = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 784).T / 255
