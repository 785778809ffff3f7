using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>The content of the report; the code that writes it only formats.</summary>
internal sealed record ReportContent
{
    /// <summary>Names of the classes, in the order of all lists by class.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>How many test digits of class <c>[truth]</c> were predicted as class <c>[prediction]</c>.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Confusion { get; init; }

    /// <summary>Mean of <c>-ln p[label]</c> over the test digits, in nats.</summary>
    public required double TestLoss { get; init; }

    public required IReadOnlyList<TrainingEpoch> Epochs { get; init; }

    public required long RowsTrained { get; init; }

    /// <summary>The mistakes to show, the most confident first.</summary>
    public required IReadOnlyList<Mistake> Mistakes { get; init; }

    public required TwoLayerNetworkModelParameters Network { get; init; }

    public required IReadOnlyList<DataFileFact> Files { get; init; }

    public required IReadOnlyList<Fact> Options { get; init; }

    public required IReadOnlyList<Fact> Environment { get; init; }

    public required IReadOnlyList<Fact> Timings { get; init; }

    public required DateTimeOffset Written { get; init; }
}
