using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Reporting.Results;

/// <summary>Reads labels and predictions of all test rows.</summary>
internal static class TestReader
{
    private const string Remedy = "Set TrainingReportOptions.LabelColumnName to the name of the column with the true values.";

    /// <param name="network">The network of the model.</param>
    /// <param name="scored">The test rows with the columns that the network adds.</param>
    /// <param name="labelColumnName">The column with the true values.</param>
    public static TaskResult Read(TrainedNetwork network, IDataView scored, string labelColumnName)
    {
        DataViewSchema.Column label = ColumnText.Find(scored.Schema, labelColumnName, Remedy);
        TaskResult result = network.Model switch
        {
            TwoLayerNetworkModelParameters => ReadClasses(network, scored, label),
            TwoLayerNetworkBinaryModelParameters => ReadPair(scored, label),
            TwoLayerNetworkMultilabelModelParameters labels => ReadLabels(network, labels, scored, label),
            _ => ReadNumbers(network, scored, label),
        };
        return result.Rows.Count > 0 ? result : throw new ArgumentException(
            $"None of the {result.SkippedRows} test rows has a label that the model knows in column '{labelColumnName}' and features that "
                + "are finite. " + (result.SkippedRows == 0 ? "Check the path and the filters of the data." : Remedy),
            "testData");
    }

    private static ClassResult ReadClasses(TrainedNetwork network, IDataView scored, DataViewSchema.Column label)
    {
        DataViewSchema.Column score = scored.Schema["Score"];
        List<long> rows = [];
        List<int> labels = [], predictions = [];
        List<float> confidences = [], labelProbabilities = [];
        long count = 0;
        using DataViewRowCursor cursor = scored.GetRowCursor([label, score]);
        Func<int> getLabel = LabelGetter.OfClasses(cursor, label, network.OutputNames);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> scores = default;
        float[] probabilities = new float[network.OutputNames.Count];
        for (; cursor.MoveNext(); count++)
        {
            getScore(ref scores);
            scores.CopyTo(probabilities);
            if (getLabel() is var truth and >= 0 && !float.IsNaN(probabilities[0]))
            {
                int best = Array.IndexOf(probabilities, probabilities.Max());
                rows.Add(cursor.Position + 1);
                labels.Add(truth);
                predictions.Add(best);
                confidences.Add(probabilities[best]);
                labelProbabilities.Add(probabilities[truth]);
            }
        }

        return new ClassResult
        {
            ClassNames = network.OutputNames,
            Rows = rows,
            SkippedRows = count - rows.Count,
            Labels = labels,
            Predictions = predictions,
            Confidences = confidences,
            LabelProbabilities = labelProbabilities,
        };
    }

    private static ClassResult ReadPair(IDataView scored, DataViewSchema.Column label)
    {
        DataViewSchema.Column probability = scored.Schema["Probability"], predicted = scored.Schema["PredictedLabel"];
        List<long> rows = [];
        List<int> labels = [], predictions = [];
        List<float> positives = [];
        long count = 0;
        using DataViewRowCursor cursor = scored.GetRowCursor([label, probability, predicted]);
        Action<float[]> getLabel = LabelGetter.OfNumbers(cursor, label, 1);
        ValueGetter<float> getProbability = cursor.GetGetter<float>(probability);
        ValueGetter<bool> getPredicted = cursor.GetGetter<bool>(predicted);
        float[] truth = new float[1];
        float positive = 0;
        bool isPositive = false;
        for (; cursor.MoveNext(); count++)
        {
            getLabel(truth);
            getProbability(ref positive);
            getPredicted(ref isPositive);
            if (!float.IsNaN(truth[0]) && !float.IsNaN(positive))
            {
                rows.Add(cursor.Position + 1);
                labels.Add(truth[0] > 0 ? 1 : 0);
                predictions.Add(isPositive ? 1 : 0);
                positives.Add(positive);
            }
        }

        return new ClassResult
        {
            ClassNames = ColumnText.KeyValues(label) is { Length: 2 } names ? names : ["false", "true"],
            Rows = rows,
            SkippedRows = count - rows.Count,
            Labels = labels,
            Predictions = predictions,
            Confidences = [.. positives.Select((p, row) => predictions[row] == 1 ? p : 1 - p)],
            LabelProbabilities = [.. positives.Select((p, row) => labels[row] == 1 ? p : 1 - p)],
            PositiveProbabilities = positives,
        };
    }

    private static NumberResult ReadNumbers(TrainedNetwork network, IDataView scored, DataViewSchema.Column label)
    {
        (List<long> rows, List<float[]> labels, List<float[]> scores, long skipped) = ReadVectors(
            scored, label, scored.Schema["Score"], network.Model.OutputCount, truth => truth.All(float.IsFinite));
        return new NumberResult
        {
            OutputNames = network.Model.OutputCount > 1 ? network.OutputNames : [label.Name],
            Rows = rows,
            SkippedRows = skipped,
            Labels = labels,
            Predictions = scores,
        };
    }

    private static LabelResult ReadLabels(
        TrainedNetwork network, TwoLayerNetworkMultilabelModelParameters model, IDataView scored, DataViewSchema.Column label)
    {
        (List<long> rows, List<float[]> labels, List<float[]> scores, long skipped) = ReadVectors(
            scored, label, scored.Schema["Probability"], model.OutputCount, truth => !truth.All(float.IsNaN));
        return new LabelResult
        {
            LabelNames = network.OutputNames,
            Rows = rows,
            SkippedRows = skipped,
            Labels = labels,
            Probabilities = scores,
            Thresholds = model.Thresholds,
        };
    }

    private static (List<long> Rows, List<float[]> Labels, List<float[]> Scores, long Skipped) ReadVectors(
        IDataView scored, DataViewSchema.Column label, DataViewSchema.Column score, int count, Predicate<float[]> isUsable)
    {
        List<long> rows = [];
        List<float[]> labels = [], scores = [];
        long all = 0;
        using DataViewRowCursor cursor = scored.GetRowCursor([label, score]);
        Action<float[]> getLabel = LabelGetter.OfNumbers(cursor, label, count);
        Action<float[]> getScore = LabelGetter.OfNumbers(cursor, score, count);
        for (; cursor.MoveNext(); all++)
        {
            float[] truth = new float[count], predicted = new float[count];
            getLabel(truth);
            getScore(predicted);
            if (isUsable(truth) && !predicted.Any(float.IsNaN))
            {
                rows.Add(cursor.Position + 1);
                labels.Add(truth);
                scores.Add(predicted);
            }
        }

        return (rows, labels, scores, all - rows.Count);
    }
}
