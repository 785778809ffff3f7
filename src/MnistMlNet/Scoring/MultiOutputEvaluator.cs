using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Scoring;

/// <summary>Computes <see cref="MultiOutputRegressionMetrics"/> in one pass over scored rows.</summary>
internal static class MultiOutputEvaluator
{
    private const string Expected = "Single, or a vector of Single of known size,";

    public static MultiOutputRegressionMetrics Evaluate(
        IDataView data, string labelColumnName, string scoreColumnName, string? exampleWeightColumnName)
    {
        DataViewSchema.Column label = ScoredColumns.Find(data, "label", labelColumnName, nameof(labelColumnName));
        DataViewSchema.Column score = ScoredColumns.Find(data, "score", scoreColumnName, nameof(scoreColumnName));
        DataViewSchema.Column? weight = exampleWeightColumnName is null
            ? null : ScoredColumns.Find(data, "weight", exampleWeightColumnName, nameof(exampleWeightColumnName));
        if (!IsOfNumbers(label))
        {
            throw ScoredColumns.WrongType("label", label, Expected, "Convert other numbers with ConvertType, join columns with "
                + "Concatenate, and give a vector its length in the schema. For a key use MulticlassClassification.Evaluate.",
                nameof(labelColumnName));
        }

        if (!IsOfNumbers(score))
        {
            throw ScoredColumns.WrongType("score", score, Expected, "Give the column with the predictions of a regression.",
                nameof(scoreColumnName));
        }

        if (weight is { } column && column.Type != NumberDataViewType.Single)
        {
            throw ScoredColumns.WrongType("weight", column, "Single", "Convert it with ConvertType.", nameof(exampleWeightColumnName));
        }

        ScoredColumns.CheckMatch(label, "score", score, nameof(scoreColumnName));
        return Read(data, label, score, weight);
    }

    private static bool IsOfNumbers(DataViewSchema.Column column) =>
        ScoredColumns.SizeOf(column.Type) > 0 && ScoredColumns.ItemOf(column.Type) == NumberDataViewType.Single;

    private static MultiOutputRegressionMetrics Read(
        IDataView data, DataViewSchema.Column label, DataViewSchema.Column score, DataViewSchema.Column? weight)
    {
        string[] names = ScoredColumns.OutputNames(label, score);
        var outputs = new OutputErrors[names.Length];
        long rowsRead = 0, rowsEvaluated = 0, missing = 0, withoutWeight = 0;
        using DataViewRowCursor cursor = data.GetRowCursor(weight is { } column ? [label, score, column] : [label, score]);
        var labels = new DenseColumn<float>(cursor, label);
        var scores = new DenseColumn<float>(cursor, score);
        var weights = weight is { } ofRows ? new DenseColumn<float>(cursor, ofRows) : null;
        while (cursor.MoveNext())
        {
            rowsRead++;
            float w = weights is null ? 1 : weights.Read()[0];
            if (!(w >= 0) || float.IsInfinity(w))
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"Row {cursor.Position} of the weight column '{Shown.Text(weight!.Value.Name)}' has the weight {w}; a finite number, 0 "
                        + $"or above, is expected. Correct it, or leave such rows out."));
            }

            if (w == 0)
            {
                withoutWeight++;
                continue;
            }

            ReadOnlySpan<float> y = labels.Read(), s = scores.Read();
            int known = 0;
            for (int k = 0; k < outputs.Length; k++)
            {
                if (!float.IsNaN(y[k]))
                {
                    CheckLabel(y[k], cursor.Position, label.Name, names[k]);
                    CheckScore(s[k], cursor.Position, score.Name, names[k]);
                    outputs[k].Add(y[k], s[k], w);
                    known++;
                }
            }

            missing += outputs.Length - known;
            rowsEvaluated += known > 0 ? 1 : 0;
        }

        if (rowsEvaluated == 0)
        {
            throw NoRows.Error(rowsRead, label.Name, withoutWeight);
        }

        return new MultiOutputRegressionMetrics(
            [.. outputs.Select((output, k) => output.ToMetrics(names[k]))], rowsEvaluated, missing);
    }

    private static void CheckLabel(float value, long position, string column, string output)
    {
        if (float.IsInfinity(value))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Row {position} of the label column '{Shown.Text(column)}' has {value} for the output '{Shown.Text(output)}'; a finite "
                    + $"number, or NaN for a missing label, is expected. Correct the label, or replace it by NaN."));
        }
    }

    private static void CheckScore(float value, long position, string column, string output)
    {
        if (!float.IsFinite(value))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Row {position} of the score column '{Shown.Text(column)}' has {value} for the output '{Shown.Text(output)}'; a finite "
                    + $"number is expected. A model gives NaN where a feature is missing or infinite: leave such rows out with "
                    + $"FilterRowsByMissingValues, or fill them with ReplaceMissingValues."));
        }
    }

    /// <summary>The weighted sums of one output. The spread of the labels is summed as Welford (1962) does, which is exact for equal
    /// labels and doesn't cancel for labels far from 0.</summary>
    private struct OutputErrors
    {
        private long _rowCount;
        private double _weight;
        private double _absolute;
        private double _squared;
        private double _labelMean;
        private double _labelSpread;

        public void Add(float label, float score, float weight)
        {
            double error = (double)label - score, fromMean = label - _labelMean;
            _rowCount++;
            _weight += weight;
            _absolute += weight * Math.Abs(error);
            _squared += weight * error * error;
            _labelMean += weight / _weight * fromMean;
            _labelSpread += weight * fromMean * (label - _labelMean);
        }

        // Without rows, 0 / 0 gives NaN, as documented.
        public readonly RegressionOutputMetrics ToMetrics(string name) => new(
            name, _rowCount, _squared / _weight, _absolute / _weight, _labelSpread > 0 ? 1 - _squared / _labelSpread : double.NaN);
    }
}
