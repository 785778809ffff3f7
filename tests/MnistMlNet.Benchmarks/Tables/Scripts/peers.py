"""scikit-learn's MLPClassifier with its defaults on the folds beside each table.

python3 peers.py --version                         prints what the results depend on
python3 peers.py DATA-FOLDER OUTPUT-FOLDER TABLE…  writes OUTPUT-FOLDER/TABLE.csv: repetition, row, probability of each class

Missing values become the mean of the training fold, then features get mean 0 and deviation 1 by the training fold. random_state is the
repetition.
"""
import os
import sys
import warnings

import numpy
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

if sys.argv[1] == "--version":
    print("scikit-learn", sklearn.__version__)
    sys.exit()

# The default of 200 epochs ends before convergence on some tables; that is what the default gives.
warnings.simplefilter("ignore", ConvergenceWarning)
data, output, tables = sys.argv[1], sys.argv[2], sys.argv[3:]
for table in tables:
    values = numpy.genfromtxt(os.path.join(data, table + ".csv"), delimiter=",", skip_header=1)
    folds = numpy.genfromtxt(os.path.join(data, table + ".folds.csv"), delimiter=",", skip_header=1, dtype=int, ndmin=2)
    x, y = values[:, :-1], values[:, -1].astype(int)
    with open(os.path.join(output, table + ".csv.part"), "w", encoding="utf-8") as file:
        for repetition in range(folds.shape[1]):
            for fold in range(folds[:, repetition].max() + 1):
                test = folds[:, repetition] == fold
                mean = numpy.nan_to_num(numpy.nanmean(x[~test], axis=0))
                filled = numpy.where(numpy.isnan(x), mean, x)
                deviation = filled[~test].std(axis=0)
                scaled = (filled - mean) / numpy.where(deviation > 0, deviation, 1)
                model = MLPClassifier(random_state=repetition).fit(scaled[~test], y[~test])
                for row, probabilities in zip(numpy.flatnonzero(test), model.predict_proba(scaled[test])):
                    file.write(f"{repetition},{row}," + ",".join(f"{p:.9g}" for p in probabilities) + "\n")
    os.replace(os.path.join(output, table + ".csv.part"), os.path.join(output, table + ".csv"))
    print("scikit-learn:", table, flush=True)
