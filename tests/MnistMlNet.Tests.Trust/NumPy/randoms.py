"""The random numbers of docs/mathematics.md: orders of rows, and masks of dropout."""
import numpy as np

ALL = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def finalize(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & ALL
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & ALL
    return z ^ (z >> 31)


def rotate(x, bits):
    return (x << bits | x >> (64 - bits)) & ALL


def stream(seed, purpose):
    """xoshiro256**, its state from SplitMix64."""
    state = ((seed & 0xFFFFFFFF) + rotate(purpose, 32) * GOLDEN) & ALL
    s = []
    for _ in range(4):
        state = state + GOLDEN & ALL
        s.append(finalize(state))
    while True:
        yield rotate(s[1] * 5 & ALL, 7) * 9 & ALL
        t = s[1] << 17 & ALL
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)


def shuffled(count, seed, epoch, window):
    """The order of a window's rows."""
    order = list(range(count))
    numbers = stream(seed, epoch | window << 32)
    for i in range(count - 1, 0, -1):
        j = (next(numbers) >> 32) * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    return np.array(order)


def mask(seed, epoch, rows, units, p, is_hidden):
    """0 or 1 / (1 - p) for each of the first rows of the data and each unit; None where nothing is dropped."""
    p = float(np.float32(p))
    if p == 0:
        return None
    key = next(stream(seed, epoch | 1 << 63)) ^ (1 << 63 if is_hidden else 0)
    keys = np.array([finalize(key + (r + 1) * GOLDEN & ALL) >> 32 for r in range(rows)], dtype=np.uint32)
    x = keys[:, None] + np.arange(units, dtype=np.uint32) * np.uint32(0x9E3779B9)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return (x >= int(p * 2 ** 32)) / (1 - p)
