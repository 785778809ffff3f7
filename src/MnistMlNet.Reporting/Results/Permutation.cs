using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Reporting.Results;

/// <summary>
/// Permutation feature importance: that of ML.NET for one label, and the same with this library's evaluators for several numbers or
/// labels, which ML.NET's evaluators don't take.
/// </summary>
internal sealed class Permutation
{
    private readonly MLContext _mlContext;
    private readonly TrainedNetwork _network;
    private readonly FeatureRows _features;
    private readonly long[] _rows;
    private readonly int _count;

    private Permutation(MLContext mlContext, TrainedNetwork network, FeatureRows features, long[] rows, int count) =>
        (_mlContext, _network, _features, _rows, _count) = (mlContext, network, features, rows, count);

    /// <param name="mlContext">The context that draws the permutations.</param>
    /// <param name="network">The network.</param>
    /// <param name="features">The features of the rows at <paramref name="indices"/>.</param>
    /// <param name="result">The labels of all test rows.</param>
    /// <param name="indices">The rows to use, as indices into the lists of <paramref name="result"/>.</param>
    /// <param name="count">The number of permutations of each feature.</param>
    public static Importance Compute(
        MLContext mlContext, TrainedNetwork network, FeatureRows features, TaskResult result, int[] indices, int count)
    {
        var permutation = new Permutation(mlContext, network, features, [.. indices.Select(index => result.Rows[index])], count);
        (string measure, IEnumerable<(double Mean, double Error)> effects) = result switch
        {
            ClassResult { PositiveProbabilities: not null } pair => ("area under the ROC curve", permutation.OfPair(pair, indices)),
            ClassResult classes => ("log-loss (nats)", permutation.OfClasses(classes, indices)),
            NumberResult { OutputNames.Count: 1 } number => ($"RMSE of {number.OutputNames[0]}", permutation.OfNumber(number, indices)),
            NumberResult numbers => ("mean RMSE of the outputs", permutation.OfNumbers(numbers, indices)),
            LabelResult labels => ("log-loss (nats)", permutation.OfLabels(labels, indices)),
            _ => throw new ArgumentException($"{result.GetType().Name} is no known result.", nameof(result)),
        };
        IReadOnlyList<string> names = features.Names ?? [.. Enumerable.Range(0, network.Model.InputCount).Select(i => $"feature {i}")];
        return new Importance(measure, indices.Length, [
            .. effects.Select((effect, feature) => new FeatureImportance(feature, names[feature], effect.Mean, effect.Error))
                .OrderByDescending(feature => feature.Mean)]);
    }

    private IEnumerable<(double, double)> OfClasses(ClassResult result, int[] indices)
    {
        SchemaDefinition schema = Schema<KeyRow>();
        schema[nameof(KeyRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), result.ClassNames.Count);

        // LoadFromEnumerable counts keys from 0.
        IDataView rows = View(
            schema, (index, features) => new KeyRow { Label = (uint)result.Labels[indices[index]], Features = features });
        return _mlContext.MulticlassClassification
            .PermutationFeatureImportance(_network.Transformer, rows, permutationCount: _count)
            .Select(metrics => (metrics.LogLoss.Mean, metrics.LogLoss.StandardError));
    }

    // ML.NET gives no log-loss here.
    private IEnumerable<(double, double)> OfPair(ClassResult result, int[] indices)
    {
        IDataView rows = View(
            Schema<AnswerRow>(), (index, features) => new AnswerRow { Label = result.Labels[indices[index]] == 1, Features = features });
        return _mlContext.BinaryClassification
            .PermutationFeatureImportance(_network.Transformer, rows, permutationCount: _count)
            .Select(metrics => (-metrics.AreaUnderRocCurve.Mean, metrics.AreaUnderRocCurve.StandardError));
    }

    private IEnumerable<(double, double)> OfNumber(NumberResult result, int[] indices)
    {
        IDataView rows = View(
            Schema<NumberRow>(), (index, features) => new NumberRow { Label = result.Labels[indices[index]][0], Features = features });
        return _mlContext.Regression
            .PermutationFeatureImportance(_network.Transformer, rows, permutationCount: _count)
            .Select(metrics => (metrics.RootMeanSquaredError.Mean, metrics.RootMeanSquaredError.StandardError));
    }

    private List<(double, double)> OfNumbers(NumberResult result, int[] indices) => OfVectors(
        [.. indices.Select(index => result.Labels[index])],
        rows => _mlContext.Regression.EvaluateMultiOutput(rows).AverageRootMeanSquaredError);

    private List<(double, double)> OfLabels(LabelResult result, int[] indices) => OfVectors(
        [.. indices.Select(index => result.Labels[index])],
        rows => _mlContext.MulticlassClassification.EvaluateMultilabel(rows).LogLoss);

    private List<(double, double)> OfVectors(float[][] labels, Func<IDataView, double> evaluate)
    {
        SchemaDefinition schema = Schema<VectorRow>();
        schema[nameof(VectorRow.Label)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, labels[0].Length);
        VectorRow[] rows =
            [.. labels.Select((label, index) => new VectorRow { Label = label, Features = [.. _features.Of(_rows[index])] })];
        IDataView view = _network.Transformer.Transform(_mlContext.Data.LoadFromEnumerable(rows, schema));
        double whole = evaluate(view);
        var random = new AugmentationRandom(seed: 1);
        List<(double, double)> rises = [];
        for (int feature = 0; feature < _network.Model.InputCount; feature++)
        {
            float[] column = [.. rows.Select(row => row.Features[feature])];
            double[] shuffled = [.. Enumerable.Range(0, _count).Select(_ => Shuffled(feature, column))];
            Restore(feature, column);
            double mean = shuffled.Average();
            rises.Add((mean, Math.Sqrt(shuffled.Sum(rise => (rise - mean) * (rise - mean)) / (_count - 1d) / _count)));
        }

        return rises;

        double Shuffled(int feature, float[] column)
        {
            float[] drawn = [.. column];
            for (int last = drawn.Length - 1; last > 0; last--)
            {
                int other = Math.Min(last, (int)(random.NextSingle() * (last + 1)));
                (drawn[last], drawn[other]) = (drawn[other], drawn[last]);
            }

            Restore(feature, drawn);
            return evaluate(view) - whole;
        }

        void Restore(int feature, float[] column)
        {
            for (int row = 0; row < rows.Length; row++)
            {
                rows[row].Features[feature] = column[row];
            }
        }
    }

    private IDataView View<T>(SchemaDefinition schema, Func<int, float[], T> create)
        where T : class =>
        _mlContext.Data.LoadFromEnumerable(_rows.Select((row, index) => create(index, _features.Of(row))).ToArray(), schema);

    private SchemaDefinition Schema<T>()
        where T : RowOfFeatures
    {
        var schema = SchemaDefinition.Create(typeof(T));
        schema[nameof(RowOfFeatures.Features)].ColumnName = _network.Transformer.FeatureColumnName;
        schema[_network.Transformer.FeatureColumnName].ColumnType =
            new VectorDataViewType(NumberDataViewType.Single, _network.Model.InputCount);
        return schema;
    }

    private abstract class RowOfFeatures
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class KeyRow : RowOfFeatures
    {
        public uint Label { get; set; }
    }

    private sealed class AnswerRow : RowOfFeatures
    {
        public bool Label { get; set; }
    }

    private sealed class NumberRow : RowOfFeatures
    {
        public float Label { get; set; }
    }

    private sealed class VectorRow : RowOfFeatures
    {
        public float[] Label { get; set; } = [];
    }
}
