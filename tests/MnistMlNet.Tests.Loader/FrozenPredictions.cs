using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Loader;

/// <summary>The expected predictions of a model: rows of features and, for each, the probabilities and the label as text.</summary>
internal sealed class FrozenPredictions
{
    // Probabilities are computed in float32 here and were stored in float64: a few roundings of 2⁻²⁴ each.
    private const double Tolerance = 1e-6;

    private readonly float[][] _rows;
    private readonly double[][] _probabilities;
    private readonly string[] _predictedLabels;

    private FrozenPredictions(JsonElement file)
    {
        _rows = file.GetProperty("rows").Deserialize(Numbers.Default.SingleArrayArray)!;
        _probabilities = file.GetProperty("probabilities").Deserialize(Numbers.Default.DoubleArrayArray)!;
        _predictedLabels = file.GetProperty("predictedLabels").Deserialize(Numbers.Default.StringArray)!;
    }

    /// <summary>Loads the model <paramref name="count"/> times concurrently and compares; gives the exit code.</summary>
    public static int Check(string modelPath, string frozenPath, int count)
    {
        FrozenPredictions frozen;
        using (JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(frozenPath)))
        {
            frozen = new FrozenPredictions(file.RootElement);
        }

        // All threads wait for the last one, so that the first calls of Model.Load in this process are concurrent.
        using var together = new Barrier(count);
        var failures = new string?[count];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                var mlContext = new MLContext();
                together.SignalAndWait();
                failures[i] = frozen.Compare(mlContext, mlContext.Model.Load(modelPath, out DataViewSchema _));
            }
            catch (Exception e)
            {
                failures[i] = e.ToString();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        foreach (string failure in failures.OfType<string>().Distinct())
        {
            Console.Error.WriteLine(failure);
        }

        int failed = failures.Count(failure => failure is not null);
        Console.WriteLine($"{Path.GetFileName(modelPath)}: {frozen._rows.Length} rows as frozen in {count - failed} of {count} loads");
        return failed == 0 ? 0 : 1;
    }

    private string? Compare(MLContext mlContext, ITransformer model)
    {
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _rows[0].Length);
        IDataView rows = mlContext.Data.LoadFromEnumerable(_rows.Select(row => new FeatureRow { Features = row }), schema);
        IDataView scored = model.Transform(rows);
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        string[] labels = [.. scored.GetColumn<string>("PredictedLabel")];
        for (int r = 0; r < _rows.Length; r++)
        {
            for (int c = 0; c < _probabilities[r].Length; c++)
            {
                if (!(Math.Abs(scores[r][c] - _probabilities[r][c]) <= Tolerance))
                {
                    return $"Row {r}, class {c}: the probability is {scores[r][c]:G9}, frozen is {_probabilities[r][c]:G17}.";
                }
            }

            if (labels[r] != _predictedLabels[r])
            {
                return $"Row {r}: the label is '{labels[r]}', frozen is '{_predictedLabels[r]}'.";
            }
        }

        return null;
    }
}
