using System.Globalization;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>The ranges of all options, in one place.</summary>
internal static class OptionsCheck
{
    public const int MostThreads = 1024;

    /// <exception cref="ArgumentException">An option is out of range; the message names it, its value and the range.</exception>
    public static void Check(TwoLayerNetworkTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Text(options.LabelColumnName, nameof(options.LabelColumnName));
        Text(options.FeatureColumnName, nameof(options.FeatureColumnName));
        if (options.ExampleWeightColumnName is not null)
        {
            Text(options.ExampleWeightColumnName, nameof(options.ExampleWeightColumnName));
        }

        Range(options.HiddenUnits is >= 1 and <= NetworkShape.MaxCount, options.HiddenUnits, nameof(options.HiddenUnits), $"1 to {NetworkShape.MaxCount}");
        Defined(options.Activation, nameof(options.Activation));
        Defined(options.Optimizer, nameof(options.Optimizer));
        Range(options.NumberOfEpochs is null or >= 1, options.NumberOfEpochs, nameof(options.NumberOfEpochs), "1 or more, or null to choose by the number of rows");
        Range(options.BatchSize is null or >= 0, options.BatchSize, nameof(options.BatchSize), "1 or more, 0 for all rows at once, or null to choose by the number of rows");
        Range(options.LearningRate is null || (options.LearningRate > 0 && float.IsFinite(options.LearningRate.Value)), options.LearningRate, nameof(options.LearningRate), "a finite number above 0, or null to choose by the optimizer");
        if (options.LearningRateSchedule is { } schedule)
        {
            Defined(schedule, nameof(options.LearningRateSchedule));
        }

        Range(options.Momentum is >= 0 and < 1, options.Momentum, nameof(options.Momentum), "0 or above and less than 1");
        Range(options.L2Regularization is null || (options.L2Regularization >= 0 && float.IsFinite(options.L2Regularization.Value)), options.L2Regularization, nameof(options.L2Regularization), "a finite number, 0 or above, or null to choose by the optimizer");
        Defined(options.WeightInitialization, nameof(options.WeightInitialization));
        Range(options.NumberOfThreads is null or (>= 1 and <= MostThreads), options.NumberOfThreads, nameof(options.NumberOfThreads), $"1 to {MostThreads}, or null to choose by the machine");
        Effect(options);
    }

    /// <summary>An option that would do nothing is refused: whoever set it expects something of it.</summary>
    private static void Effect(TwoLayerNetworkTrainer.Options options)
    {
        Range(
            options.Momentum == 0 || options.Optimizer == Optimizer.GradientDescent, options.Momentum, nameof(options.Momentum),
            $"0 with Optimizer.{options.Optimizer}; it belongs to Optimizer.GradientDescent");
        Range(
            !options.Nesterov || options.Momentum > 0, options.Nesterov, nameof(options.Nesterov),
            "false unless Optimizer is GradientDescent and Momentum above 0");
        Range(options.CacheRows || options.BatchSize != 0, options.BatchSize, nameof(options.BatchSize), "1 or more, or null, where CacheRows is false");
    }

    private static void Range(bool holds, object? value, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(
                "options", value, $"{name} is {Convert.ToString(value, CultureInfo.InvariantCulture)}; it must be {range}.");
        }
    }

    private static void Defined<TEnum>(TEnum value, string name)
        where TEnum : struct, Enum =>
        Range(Enum.IsDefined(value), value, name, $"one of {string.Join(", ", Enum.GetNames<TEnum>())}");

    private static void Text(string? value, string name)
    {
        if (string.IsNullOrEmpty(value))
        {
            throw new ArgumentException($"{name} is {(value is null ? "null" : "empty")}; a column name is wanted.", "options");
        }
    }
}
