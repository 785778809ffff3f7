using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Scoring;

/// <summary>Computes <see cref="MultilabelMetrics"/> in one pass over scored rows.</summary>
internal static class MultilabelEvaluator
{
    public static MultilabelMetrics Evaluate(
        IDataView data, string labelColumnName, string probabilityColumnName, string predictedLabelColumnName)
    {
        DataViewSchema.Column label = ScoredColumns.Find(data, "label", labelColumnName, nameof(labelColumnName));
        DataViewSchema.Column probability =
            ScoredColumns.Find(data, "probability", probabilityColumnName, nameof(probabilityColumnName));
        DataViewSchema.Column predicted =
            ScoredColumns.Find(data, "predicted-label", predictedLabelColumnName, nameof(predictedLabelColumnName));
        if (!IsVectorOf(label, NumberDataViewType.Single) && !IsVectorOf(label, BooleanDataViewType.Instance))
        {
            throw ScoredColumns.WrongType("label", label, "a vector of Boolean or Single of known size", "Join one column for each label "
                + "with Concatenate. For one class in each row use MulticlassClassification.Evaluate.", nameof(labelColumnName));
        }

        if (!IsVectorOf(probability, NumberDataViewType.Single))
        {
            throw ScoredColumns.WrongType("probability", probability, "a vector of Single of known size", "Give the column with the "
                + "probability of each label.", nameof(probabilityColumnName));
        }

        if (!IsVectorOf(predicted, BooleanDataViewType.Instance))
        {
            throw ScoredColumns.WrongType("predicted-label", predicted, "a vector of Boolean of known size", "Give the column that says "
                + "for each label whether it is predicted.", nameof(predictedLabelColumnName));
        }

        ScoredColumns.CheckMatch(label, "probability", probability, nameof(probabilityColumnName));
        ScoredColumns.CheckMatch(label, "predicted-label", predicted, nameof(predictedLabelColumnName));
        return Read(data, label, probability, predicted);
    }

    private static bool IsVectorOf(DataViewSchema.Column column, DataViewType item) =>
        column.Type is VectorDataViewType { Size: > 0 } vector && vector.ItemType == item;

    private static MultilabelMetrics Read(
        IDataView data, DataViewSchema.Column label, DataViewSchema.Column probability, DataViewSchema.Column predicted)
    {
        string[] names = ScoredColumns.OutputNames(label, probability);
        var sums = new MultilabelSums(names.Length);
        long rowsRead = 0;
        using DataViewRowCursor cursor = data.GetRowCursor([label, probability, predicted]);
        Func<float[]> readLabels = LabelReader(cursor, label);
        var probabilities = new DenseColumn<float>(cursor, probability);
        var predictions = new DenseColumn<bool>(cursor, predicted);
        while (cursor.MoveNext())
        {
            rowsRead++;
            float[] y = readLabels();
            ReadOnlySpan<float> p = probabilities.Read();
            for (int k = 0; k < y.Length; k++)
            {
                Check(y[k], p[k], k);
            }

            sums.Add(y, p, predictions.Read());
        }

        return sums.RowCount > 0 ? sums.ToMetrics(names) : throw NoRows.Error(rowsRead, label.Name, withoutWeight: 0);

        void Check(float y, float p, int k)
        {
            if (float.IsNaN(y))
            {
                return;
            }

            if (y is not (0 or 1))
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"Row {cursor.Position} of the label column '{Shown.Text(label.Name)}' has {y} for the label '{Shown.Text(names[k])}'; "
                        + $"0, 1 or NaN for a missing entry is expected. Correct the entry, or replace it by NaN."));
            }

            if (!(p is >= 0 and <= 1))
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"Row {cursor.Position} of the probability column '{Shown.Text(probability.Name)}' has {p} for the label "
                        + $"'{Shown.Text(names[k])}'; 0 to 1 is expected. A model gives NaN where a feature is missing or infinite: leave "
                        + $"such rows out with FilterRowsByMissingValues, or fill them with ReplaceMissingValues."));
            }
        }
    }

    private static Func<float[]> LabelReader(DataViewRow row, DataViewSchema.Column label)
    {
        var values = new float[ScoredColumns.SizeOf(label.Type)];
        if (ScoredColumns.ItemOf(label.Type) == NumberDataViewType.Single)
        {
            var numbers = new DenseColumn<float>(row, label);
            return () =>
            {
                numbers.Read().CopyTo(values);
                return values;
            };
        }

        var booleans = new DenseColumn<bool>(row, label);
        return () =>
        {
            ReadOnlySpan<bool> present = booleans.Read();
            for (int k = 0; k < values.Length; k++)
            {
                values[k] = present[k] ? 1 : 0;
            }

            return values;
        };
    }
}
