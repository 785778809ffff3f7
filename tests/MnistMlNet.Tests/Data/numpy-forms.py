# Writes one network of 3 inputs, 2 hidden units and 4 classes in every form that NumPy has for it, into the folder that is its argument.
# The numpy-*.npz files beside this script were written by it with NumPy 1.24.2; NpzFormsTests reads those, and new ones where NumPy is installed.
import pathlib
import sys
import zipfile

import numpy as np

folder = pathlib.Path(sys.argv[1])
w1 = np.arange(6).reshape(2, 3) / 8 - 0.5
b1 = np.array([[1.5], [-2.25]])
w2 = np.arange(8).reshape(4, 2) * -0.375
b2 = np.array([[0.0], [1.0], [-1.0], [1e-3]])


def flat(kind):
    return {"w1": w1.astype(kind), "b1": b1.ravel().astype(kind), "w2": w2.astype(kind), "b2": b2.ravel().astype(kind)}


# As the original script has them: float64, biases as columns.
np.savez(folder / "numpy-original.npz", w1=w1, b1=b1, w2=w2, b2=b2)
np.savez_compressed(folder / "numpy-original-compressed.npz", w1=w1, b1=b1, w2=w2, b2=b2)
np.savez(folder / "numpy-float32.npz", **flat("<f4"))
np.savez_compressed(folder / "numpy-big-endian.npz", **flat(">f8"))
# In column order, and as views into larger arrays, which NumPy has to copy.
np.savez(folder / "numpy-fortran.npz", w1=np.asfortranarray(w1), b1=np.asfortranarray(b1), w2=w2.T.copy().T, b2=np.repeat(b2, 2, axis=1)[:, :1])
for version in (1, 2, 3):
    with zipfile.ZipFile(folder / f"numpy-header-{version}.npz", "w") as archive:
        for name, array in flat("<f8").items():
            with archive.open(name + ".npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, version=(version, 0))
