"""scikit-learn's MLPRegressor and MLPClassifier with their defaults on the folds beside each table of the command family.

python3 family.py --version                                     prints what the results depend on
python3 family.py DATA-FOLDER OUTPUT-FILE TABLE TASK TARGETS    writes: repetition, row, output of each target

The last TARGETS columns of the table are the targets. TASK is Regression (or Counts), Binary or Multilabel; the output is the value, or the
probability of 1. Missing features become the mean of the training fold, then features get mean 0 and deviation 1 by the training fold.
Targets aren't changed: MLPRegressor doesn't standardize them. random_state is the repetition.
"""
import os
import sys
import warnings

import numpy
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

if sys.argv[1] == "--version":
    print("scikit-learn", sklearn.__version__)
    sys.exit()

# The default of 200 epochs ends before convergence on some tables; that is what the default gives.
warnings.simplefilter("ignore", ConvergenceWarning)
data, output, table, task, targets = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5])
values = numpy.genfromtxt(os.path.join(data, table + ".csv"), delimiter=",", skip_header=1)
folds = numpy.genfromtxt(os.path.join(data, table + ".folds.csv"), delimiter=",", skip_header=1, dtype=int, ndmin=2)
x, y = values[:, :-targets], values[:, -targets:]
if task in ("Binary", "Multilabel"):
    y = y.astype(int)
with open(output, "w", encoding="utf-8") as file:
    for repetition in range(folds.shape[1]):
        for fold in range(folds[:, repetition].max() + 1):
            test = folds[:, repetition] == fold
            mean = numpy.nan_to_num(numpy.nanmean(x[~test], axis=0))
            filled = numpy.where(numpy.isnan(x), mean, x)
            deviation = filled[~test].std(axis=0)
            scaled = (filled - mean) / numpy.where(deviation > 0, deviation, 1)
            learner = (MLPClassifier if task in ("Binary", "Multilabel") else MLPRegressor)(random_state=repetition)
            model = learner.fit(scaled[~test], y[~test] if targets > 1 else y[~test, 0])
            if task == "Binary":
                predicted = model.predict_proba(scaled[test])[:, 1:]
            elif task == "Multilabel":
                predicted = model.predict_proba(scaled[test])
            else:
                predicted = model.predict(scaled[test]).reshape(test.sum(), -1)
            for row, outputs in zip(numpy.flatnonzero(test), predicted):
                file.write(f"{repetition},{row}," + ",".join(f"{p:.9g}" for p in outputs) + "\n")
