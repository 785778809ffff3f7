using Microsoft.ML;

namespace MnistMlNet.Reporting.Results;

/// <summary>The content of the report; the code that writes it only formats.</summary>
internal sealed record ReportContent
{
    /// <summary>With more features, one alone changes little, and shuffling them all takes long.</summary>
    private const int MaxShuffledFeatures = 256;

    public required TrainingReportOptions Options { get; init; }

    public required TrainedNetwork Network { get; init; }

    public required TaskResult Result { get; init; }

    public required FeatureRows Features { get; init; }

    /// <summary>The size of the images that the features are; null for tables.</summary>
    public required ImageShape? Image { get; init; }

    /// <summary>The mistakes to show, the worst first.</summary>
    public required IReadOnlyList<Mistake> Mistakes { get; init; }

    /// <summary>Null where it wasn't computed; <see cref="WithoutImportance"/> then says why.</summary>
    public required Importance? Importance { get; init; }

    public string WithoutImportance { get; init; } = "";

    public TwoLayerNetworkModelParametersBase Model => Network.Model;

    public IReadOnlyList<TrainingEpoch> Epochs => Network.History?.Epochs ?? [];

    /// <summary>The name of each feature.</summary>
    public string FeatureName(int feature) => Features.Names?[feature] ?? $"feature {feature}";

    public static ReportContent Collect(MLContext mlContext, ITransformer model, IDataView testData, TrainingReportOptions options)
    {
        var network = TrainedNetwork.Find(model);
        IDataView prepared = network.Prepare(testData);
        string label = options.LabelColumnName ?? network.LabelColumnName ?? "Label";
        TaskResult result = TestReader.Read(network, network.Transformer.Transform(prepared), label);
        IReadOnlyList<Mistake> mistakes = Results.Mistakes.Worst(result, options.MaxMistakes);
        bool areNamed = ColumnText.SlotNames(
            prepared.Schema[network.Transformer.FeatureColumnName], network.Model.InputCount) is not null;
        var image = ImageShape.Of(options, network.Model.InputCount, areNamed);

        string without = options.PermutationCount == 0 ? "It wasn't computed: PermutationCount is 0."
            : network.Model.InputCount > MaxShuffledFeatures
                ? $"It isn't computed for more than {MaxShuffledFeatures} features: of so many, one alone changes little." : "";
        int[] shuffled = without.Length == 0 ? Spread(result.Rows.Count, options.MaxImportanceRows) : [];
        var features = FeatureRows.Read(
            prepared, network,
            mistakes.Select(mistake => mistake.Row).Concat(shuffled.Select(index => result.Rows[index])).ToHashSet());
        return new ReportContent
        {
            Options = options,
            Network = network,
            Result = result,
            Features = features,
            Image = image,
            Mistakes = [.. mistakes.Select(mistake => mistake with { Features = features.Of(mistake.Row) })],
            Importance = shuffled.Length == 0 ? null
                : Permutation.Compute(mlContext, network, features, result, shuffled, options.PermutationCount),
            WithoutImportance = without,
        };
    }

    /// <summary>Indices that are spread evenly, as rows may be sorted by class.</summary>
    private static int[] Spread(int count, int limit) =>
        [.. Enumerable.Range(0, Math.Min(count, limit)).Select(i => (int)((long)i * count / Math.Min(count, limit)))];
}
