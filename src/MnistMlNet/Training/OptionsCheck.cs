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
        Range(IsShareOrNull(options.Beta1), options.Beta1, nameof(options.Beta1), "0 or above and less than 1, or null for 0.9");
        Range(IsShareOrNull(options.Beta2), options.Beta2, nameof(options.Beta2), "0 or above and less than 1, or null for 0.999");
        Range(IsPositiveOrNull(options.Epsilon), options.Epsilon, nameof(options.Epsilon), "a finite number above 0, or null for 1e-8");
        Range(IsShareOrNull(options.RmsPropDecay), options.RmsPropDecay, nameof(options.RmsPropDecay), "0 or above and less than 1, or null for 0.9");
        Range(options.LbfgsHistorySize is null or (>= 1 and <= 1000), options.LbfgsHistorySize, nameof(options.LbfgsHistorySize), "1 to 1000, or null for 10");
        Range(options.LearningRateDropFactor is null or (> 0 and < 1), options.LearningRateDropFactor, nameof(options.LearningRateDropFactor), "above 0 and less than 1, or null for 0.1");
        Range(options.LearningRateDropEpochs is null or >= 1, options.LearningRateDropEpochs, nameof(options.LearningRateDropEpochs), "1 or more, or null to choose by the schedule");
        Range(IsPositiveOrNull(options.InverseScalingPower), options.InverseScalingPower, nameof(options.InverseScalingPower), "a finite number above 0, or null for 0.5");
        Range(IsFiniteFromZero(options.WarmUpEpochs), options.WarmUpEpochs, nameof(options.WarmUpEpochs), "a finite number, 0 or above");
        Range(IsFiniteFromZero(options.L1Regularization), options.L1Regularization, nameof(options.L1Regularization), "a finite number, 0 or above");
        Range(IsPositiveOrNull(options.MaxNorm), options.MaxNorm, nameof(options.MaxNorm), "a finite number above 0, or null for no limit");
        Range(IsPositiveOrNull(options.GradientClipNorm), options.GradientClipNorm, nameof(options.GradientClipNorm), "a finite number above 0, or null for no limit");
        Range(IsShareOrNull(options.InputDropout), options.InputDropout, nameof(options.InputDropout), "0 or above and less than 1, or null to choose by the number of features");
        Range(options.HiddenDropout is >= 0 and < 1, options.HiddenDropout, nameof(options.HiddenDropout), "0 or above and less than 1");
        Range(options.LabelSmoothing is >= 0 and < 1, options.LabelSmoothing, nameof(options.LabelSmoothing), "0 or above and less than 1");
        Range(options.ValidationFraction is >= 0 and < 1, options.ValidationFraction, nameof(options.ValidationFraction), "0 or above and less than 1");
        Range(options.EarlyStoppingPatience >= 0, options.EarlyStoppingPatience, nameof(options.EarlyStoppingPatience), "1 or more epochs, or 0 for never");
        Range(IsFiniteFromZero(options.EarlyStoppingTolerance), options.EarlyStoppingTolerance, nameof(options.EarlyStoppingTolerance), "a finite number, 0 or above");
        Defined(options.EarlyStoppingMetric, nameof(options.EarlyStoppingMetric));
        Range(options.CheckpointPath is not "", options.CheckpointPath, nameof(options.CheckpointPath), "a file name, or null for no checkpoint");
        Range(options.CheckpointInterval >= 1, options.CheckpointInterval, nameof(options.CheckpointInterval), "1 or more epochs");
        foreach ((string name, float weight) in options.ClassWeights ?? new Dictionary<string, float>())
        {
            Range(weight > 0 && float.IsFinite(weight), weight, $"{nameof(options.ClassWeights)}[\"{name}\"]", "a finite number above 0");
        }

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
        BelongsTo(options.Beta1, nameof(options.Beta1), options.Optimizer, Optimizer.Adam);
        BelongsTo(options.Beta2, nameof(options.Beta2), options.Optimizer, Optimizer.Adam);
        BelongsTo(options.Epsilon, nameof(options.Epsilon), options.Optimizer, Optimizer.Adam, Optimizer.RmsProp);
        BelongsTo(options.RmsPropDecay, nameof(options.RmsPropDecay), options.Optimizer, Optimizer.RmsProp);
        BelongsTo(options.LbfgsHistorySize, nameof(options.LbfgsHistorySize), options.Optimizer, Optimizer.Lbfgs);
        if (options.Optimizer == Optimizer.Lbfgs)
        {
            Lbfgs(options);
        }

        LearningRateSchedule schedule = options.LearningRateSchedule ?? TrainingPlan.ChooseSchedule(options.Optimizer);
        BelongsTo(options.LearningRateDropFactor, nameof(options.LearningRateDropFactor), schedule, LearningRateSchedule.Step, LearningRateSchedule.OnPlateau);
        BelongsTo(options.LearningRateDropEpochs, nameof(options.LearningRateDropEpochs), schedule, LearningRateSchedule.Step, LearningRateSchedule.OnPlateau);
        BelongsTo(options.InverseScalingPower, nameof(options.InverseScalingPower), schedule, LearningRateSchedule.InverseScaling);
        Range(
            options.ClassWeights is null || !options.BalancedClassWeights, options.BalancedClassWeights, nameof(options.BalancedClassWeights),
            "false where ClassWeights are given");
        Range(
            options.ValidationFraction == 0 || options.ValidationSet is null, options.ValidationFraction, nameof(options.ValidationFraction),
            "0 where ValidationSet is given");
        Range(
            options.ValidationFraction == 0 || options.CacheRows, options.ValidationFraction, nameof(options.ValidationFraction),
            "0 where CacheRows is false; give ValidationSet instead");
        Range(
            !options.ResumeFromCheckpoint || options.CheckpointPath is not null, options.ResumeFromCheckpoint, nameof(options.ResumeFromCheckpoint),
            "false unless CheckpointPath is given");
        Range(
            options.CheckpointInterval == 1 || options.CheckpointPath is not null, options.CheckpointInterval, nameof(options.CheckpointInterval),
            "1, the default, unless CheckpointPath is given");
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
                "options", value, $"{name} is {Shown.Text(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}; it must be {range}.");
        }
    }

    /// <summary>L-BFGS goes over all rows at once, needs the same function in every pass, and chooses its own steps.</summary>
    private static void Lbfgs(TwoLayerNetworkTrainer.Options options)
    {
        const string with = " with Optimizer.Lbfgs";
        Range(options.BatchSize is null or 0, options.BatchSize, nameof(options.BatchSize), "null or 0, all rows at once," + with);
        Range(options.LearningRate is null, options.LearningRate, nameof(options.LearningRate), "null" + with + ", whose line search finds each step");
        Range(options.LearningRateSchedule is null, options.LearningRateSchedule, nameof(options.LearningRateSchedule), "null" + with + ", whose line search finds each step");
        Range(options.WarmUpEpochs == 0, options.WarmUpEpochs, nameof(options.WarmUpEpochs), "0" + with + ", whose line search finds each step");
        Range(options.InputDropout is null or 0, options.InputDropout, nameof(options.InputDropout), "0" + with + ", which needs the same loss in every pass");
        Range(options.HiddenDropout == 0, options.HiddenDropout, nameof(options.HiddenDropout), "0" + with + ", which needs the same loss in every pass");
        Range(options.Augmentation is null, options.Augmentation, nameof(options.Augmentation), "null" + with + ", which needs the same loss in every pass");
        Range(options.L1Regularization == 0, options.L1Regularization, nameof(options.L1Regularization), "0" + with + ", which needs a smooth penalty");
        Range(options.MaxNorm is null, options.MaxNorm, nameof(options.MaxNorm), "null" + with + ", which has no limits");
        Range(options.GradientClipNorm is null, options.GradientClipNorm, nameof(options.GradientClipNorm), "null" + with + ", whose line search bounds each step");
        Range(options.CacheRows, options.CacheRows, nameof(options.CacheRows), "true" + with + ", which passes over the rows many times");
    }

    private static void BelongsTo<TEnum>(object? value, string name, TEnum chosen, params TEnum[] owners)
        where TEnum : struct, Enum =>
        Range(
            value is null || owners.Contains(chosen), value, name,
            $"null with {typeof(TEnum).Name}.{chosen}; it belongs to {string.Join(" and ", owners.Select(owner => $"{typeof(TEnum).Name}.{owner}"))}");

    private static bool IsShareOrNull(float? value) => value is null or (>= 0 and < 1);

    private static bool IsPositiveOrNull(float? value) => value is null || (value > 0 && float.IsFinite(value.Value));

    private static bool IsFiniteFromZero(float value) => value >= 0 && float.IsFinite(value);

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
