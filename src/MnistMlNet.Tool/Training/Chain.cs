using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;
using MnistMlNet.Tool.Tables;

namespace MnistMlNet.Tool.Training;

/// <summary>Makes the chain from the columns of a file to the prediction.</summary>
internal sealed class Chain(
    MLContext mlContext, CsvTable table, IReadOnlyList<ColumnGuess> columns, TaskGuess task, NetworkSettings settings)
{
    private const int MaxCategories = 1000;

    /// <summary>The label that the network is trained on: a column of the file, or a vector of several.</summary>
    public string Label => task.Columns.Count > 1 ? Free("Label") : table.Columns[task.Column];

    /// <summary>Loads rows with the columns that the chain reads.</summary>
    public IDataView Load(IReadOnlyList<int> rows) => TableData.Load(table, rows, [
        .. columns.Where(column => column.Kind != ColumnKind.Ignored)
            .Select(column => (column.Index, column.Kind == ColumnKind.Number ? DataKind.Single : DataKind.String)),
        .. task.Columns.Select(column => (column, task.Kind))]);

    /// <summary>Trains on rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="callback">Called after each epoch; null for none.</param>
    public ITransformer Fit(IDataView rows, Action<TrainingEpoch>? callback = null)
    {
        IEstimator<ITransformer> chain = task.Task switch
        {
            TrainingTask.Binary => Features().Append(mlContext.BinaryClassification.Trainers.TwoLayerNetwork(
                Set(new TwoLayerNetworkBinaryTrainer.Options(), callback))),
            TrainingTask.Regression => Features().Append(mlContext.Regression.Trainers.TwoLayerNetwork(
                Set(new TwoLayerNetworkRegressionTrainer.Options(), callback))),
            TrainingTask.Multilabel => Features().Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel(
                Set(new TwoLayerNetworkMultilabelTrainer.Options(), callback))),
            _ => mlContext.Transforms.Conversion.MapValueToKey(
                    Label, keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
                .Append(Features())
                .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(
                    Set(new TwoLayerNetworkTrainer.Options(), callback)))
                .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")),
        };
        return task.Columns.Count == 1 ? chain.Fit(rows)
            : mlContext.Transforms.Concatenate(Label, [.. task.Columns.Select(column => table.Columns[column])]).Append(chain).Fit(rows);
    }

    private string FeatureColumn => Free("Features");

    private T Set<T>(T options, Action<TrainingEpoch>? callback)
        where T : TwoLayerNetworkOptions
    {
        options.LabelColumnName = Label;
        options.FeatureColumnName = FeatureColumn;
        options.HiddenUnits = settings.HiddenUnits;
        options.NumberOfEpochs = settings.Epochs;
        options.Seed = settings.Seed;
        options.EpochCallback = callback;
        return options;
    }

    // Indicators before the replacement, since they look for missing values. Numbers without missing values in these rows are replaced too:
    // others may have some.
    private EstimatorChain<ITransformer> Features()
    {
        var chain = new EstimatorChain<ITransformer>();
        List<string> names = [.. Named(ColumnKind.Number)];
        if (names.Count > 0)
        {
            InputOutputColumnPair[] missing = [
                .. columns.Where(column => column.Kind == ColumnKind.Number && column.MissingCount > 0)
                    .Select(column => new InputOutputColumnPair(Free($"{column.Name} is missing"), column.Name))];
            if (missing.Length > 0)
            {
                InputOutputColumnPair[] same = [.. missing.Select(pair => new InputOutputColumnPair(pair.OutputColumnName))];
                chain = chain.Append<ITransformer>(mlContext.Transforms.IndicateMissingValues(missing))
                    .Append<ITransformer>(mlContext.Transforms.Conversion.ConvertType(same, DataKind.Single));
            }

            chain = chain.Append<ITransformer>(mlContext.Transforms.ReplaceMissingValues(
                [.. Named(ColumnKind.Number).Select(name => new InputOutputColumnPair(name))],
                MissingValueReplacingEstimator.ReplacementMode.Mean));
            names.AddRange(missing.Select(pair => pair.OutputColumnName));
        }

        if (Named(ColumnKind.Category) is { Length: > 0 } categories)
        {
            chain = chain.Append<ITransformer>(mlContext.Transforms.Categorical.OneHotEncoding(
                [.. categories.Select(name => new InputOutputColumnPair(name))], maximumNumberOfKeys: MaxCategories));
            names.AddRange(categories);
        }

        // The network standardizes its inputs. With the default, lengths of 1, a word that isn't in the dictionary changes the values of
        // all others: little, but many standard deviations of those that are in each text.
        var counts = new TextFeaturizingEstimator.Options { Norm = TextFeaturizingEstimator.NormFunction.None };
        foreach (string text in Named(ColumnKind.Text))
        {
            chain = chain.Append<ITransformer>(mlContext.Transforms.Text.FeaturizeText(text, counts, text));
            names.Add(text);
        }

        return chain.Append<ITransformer>(mlContext.Transforms.Concatenate(FeatureColumn, [.. names]));
    }

    private string[] Named(ColumnKind kind) => [.. columns.Where(column => column.Kind == kind).Select(column => column.Name)];

    private string Free(string name)
    {
        while (table.Columns.Contains(name))
        {
            name += "_";
        }

        return name;
    }
}
