using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Benchmarks.Accuracy;

/// <summary>
/// The rows of docs/accuracy.md. Everything here was tuned on the last 10,000 training digits (<c>--held-out</c>), never on the test
/// digits.
/// </summary>
internal static class AccuracyRows
{
    private const int Side = 28;

    /// <summary>Gets the numbers of hidden units of the curve.</summary>
    public static IReadOnlyList<int> Curve { get; } = [8, 16, 32, 64, 128, 256, 512, 1024];

    public static IReadOnlyList<AccuracyRow> All { get; } =
    [
        new("mnist-32", "mnist", 0.975, true, () => new Options()),
        new("fashion-32", "fashion", 0.876, true, () => new Options()),
        new("mnist-128", "mnist", 0.984, true, () => new Options { HiddenUnits = 128 }),
        new("fashion-128", "fashion", 0.896, true, () => new Options { HiddenUnits = 128 }),
        new("mnist-800", "mnist", 0.988, true, () => Wide()),
        new("mnist-800-affine", "mnist", 0.99, false, () => Distorted(800, Augmentation.Affine(Side, Side), 60)),
        new("mnist-800-elastic", "mnist", 0.9935, false, () => Distorted(800, new ImageAugmentation(Side, Side), 100)),
        new("mnist-32-augmented", "mnist", null, false, () => Distorted(32, new ImageAugmentation(Side, Side), 60)),
        .. Curve.Select(units => new AccuracyRow($"curve-{units}", "mnist", null, true, () => new Options { HiddenUnits = units })),
        .. Curve.Select(units => new AccuracyRow(
            $"curve-{units}-augmented", "mnist", null, false, () => Distorted(units, new ImageAugmentation(Side, Side), 30))),
    ];

    private static Options Wide() =>
        new() { HiddenUnits = 800, HiddenDropout = 0.3f, InputDropout = 0.2f, NumberOfEpochs = 40, LearningRate = 0.002f };

    private static Options Distorted(int units, IAugmentation augmentation, int epochs) => new()
    {
        HiddenUnits = units,
        Augmentation = augmentation,
        NumberOfEpochs = epochs,
        LearningRate = 0.002f,
        L2Regularization = 0.01f,
    };
}
