using BinaryOptions = MnistMlNet.TwoLayerNetworkBinaryTrainer.Options;
using MulticlassOptions = MnistMlNet.TwoLayerNetworkTrainer.Options;
using MultilabelOptions = MnistMlNet.TwoLayerNetworkMultilabelTrainer.Options;
using Options = MnistMlNet.TwoLayerNetworkOptions;
using RegressionOptions = MnistMlNet.TwoLayerNetworkRegressionTrainer.Options;

namespace MnistMlNet.Configuration;

/// <summary>
/// The table of all options: name, description, range, conditions on combinations with other options, and the value that replaces null.
/// </summary>
/// <remarks>
/// Validation, resolution (<see cref="ResolvedOptions"/>), the text for history and checkpoints, and the reference table of
/// docs/features.md use this table. A new option needs a field of <see cref="Options"/>, a row here, and, if training reads it, a property
/// of <see cref="ResolvedOptions"/>.
/// </remarks>
internal static partial class OptionTable
{
    /// <summary>The maximum number of inputs, of hidden units and of classes.</summary>
    public const int MaxCount = 1 << 24;

    public const int MaxThreads = 1024;

    public const int MaxShards = 1 << 16;

    private const string Fraction = "0 or above and less than 1";
    private const string Positive = "a finite number above 0";
    private const string NotNegative = "a finite number, 0 or above";
    private const string LineSearchFindsSteps = "whose line search finds each step";
    private const string SameLossInEveryPass = "which needs the same loss in every pass";

    /// <summary>Gets the options in the order of <see cref="Options"/>.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Column(nameof(Options.LabelColumnName), o => o.LabelColumnName, "the label, of the type that the task has"),
        Column(nameof(Options.FeatureColumnName), o => o.FeatureColumnName, "a vector of `Single` of known size"),
        Column(nameof(Options.ExampleWeightColumnName), o => o.ExampleWeightColumnName, "a `Single`: the rows' weights", isOptional: true),
        Number(nameof(Options.HiddenUnits), o => o.HiddenUnits, "H").In(v => v is >= 1 and <= MaxCount, $"1 to {MaxCount}"),
        OneOf(nameof(Options.Activation), o => o.Activation, "the activation function of the hidden units"),
        Open(nameof(Options.Optimizer), o => o.Optimizer, "the update rule")
            .InEnum()
            .WhenOpen("by table: `Lbfgs` where it is small", (o, _) => OptimizerOf(o)),
        Open(nameof(Options.NumberOfEpochs), o => o.NumberOfEpochs, "passes over the rows; iterations with L-BFGS")
            .In(v => v is null or >= 1, "1 or more, or null to choose by the number of rows")
            .WhenOpen("by rows", (o, facts) => DefaultRules.NumberOfEpochs(OptimizerOf(o), facts.RowCount)),
        Open(nameof(Options.BatchSize), o => o.BatchSize, "rows of a step; 0 for all")
            .In(v => v is null or >= 0, "1 or more, 0 for all rows at once, or null to choose by the number of rows")
            .NotWithLbfgs(v => v is null or 0, "null or 0, all rows at once,")
            .Requires(o => o.CacheRows || o.BatchSize != 0, _ => "1 or more, or null, where CacheRows is false")
            .ResolvedBy("by rows", (o, facts) => ResolvedOptions.ChooseBatchSize(o, facts.RowCount)),
        Open(nameof(Options.LearningRate), o => o.LearningRate, "η")
            .In(v => v is null || IsPositive(v.Value), Positive + ", or null to choose by the optimizer")
            .NotWithLbfgs(v => v is null, "null", LineSearchFindsSteps)
            .WhenOpen("by optimizer", (o, facts) => DefaultRules.LearningRate(OptimizerOf(o), facts.MeanMagnitude)),
        Open(nameof(Options.LearningRateSchedule), o => o.LearningRateSchedule, "how η changes during training")
            .InEnum()
            .NotWithLbfgs(v => v is null, "null", LineSearchFindsSteps)
            .WhenOpen("by optimizer", (o, _) => DefaultRules.Schedule(OptimizerOf(o))),
        Open(nameof(Options.LearningRateDropFactor), o => o.LearningRateDropFactor, "factor of each drop of `Step` and `OnPlateau`")
            .In(v => v is null or (> 0 and < 1), "above 0 and less than 1, or null for 0.1")
            .BelongsTo(ScheduleOf, LearningRateSchedule.Step, LearningRateSchedule.OnPlateau)
            .WhenOpen("by schedule: 0.1", (o, _) => Drops(o) ? DefaultRules.LearningRateDropFactor : null),
        Open(nameof(Options.LearningRateDropEpochs), o => o.LearningRateDropEpochs, "epochs before a drop of `Step` and `OnPlateau`")
            .In(v => v is null or >= 1, "1 or more, or null to choose by the schedule")
            .BelongsTo(ScheduleOf, LearningRateSchedule.Step, LearningRateSchedule.OnPlateau)
            .WhenOpen("by schedule: 10 or 3", (o, _) => Drops(o) ? DefaultRules.LearningRateDropEpochs(ScheduleOf(o)) : null),
        Open(nameof(Options.InverseScalingPower), o => o.InverseScalingPower, "the exponent of `InverseScaling`")
            .In(IsPositiveOrNull, Positive + ", or null for 0.5")
            .BelongsTo(ScheduleOf, LearningRateSchedule.InverseScaling)
            .WhenOpen("by schedule: 0.5", (o, _) =>
                ScheduleOf(o) == LearningRateSchedule.InverseScaling ? DefaultRules.InverseScalingPower : null),
        Number(nameof(Options.WarmUpEpochs), o => o.WarmUpEpochs, "epochs, or a fraction of one, in which η rises linearly")
            .In(IsNotNegative, NotNegative)
            .NotWithLbfgs(v => v == 0, "0", LineSearchFindsSteps),
        Number(nameof(Options.Momentum), o => o.Momentum, "of gradient descent")
            .In(IsFraction, Fraction)
            .Requires(
                o => o.Momentum == 0 || OptimizerOf(o) == Optimizer.GradientDescent,
                o => $"0 with Optimizer.{OptimizerOf(o)}; it belongs to Optimizer.GradientDescent"),
        Any(nameof(Options.Nesterov), o => o.Nesterov, "use Nesterov momentum")
            .Requires(o => !o.Nesterov || o.Momentum > 0, _ => "false unless Optimizer is GradientDescent and Momentum above 0"),
        OfOptimizer(nameof(Options.Beta1), o => o.Beta1, "of Adam", "0.9", DefaultRules.Beta1, Optimizer.Adam)
            .In(IsFractionOrNull, Fraction + ", or null for 0.9"),
        OfOptimizer(nameof(Options.Beta2), o => o.Beta2, "of Adam", "0.999", DefaultRules.Beta2, Optimizer.Adam)
            .In(IsFractionOrNull, Fraction + ", or null for 0.999"),
        OfOptimizer(nameof(Options.Epsilon), o =>
            o.Epsilon, "of Adam and RMSProp", "1e-8", DefaultRules.Epsilon, Optimizer.Adam, Optimizer.RmsProp)
            .In(IsPositiveOrNull, Positive + ", or null for 1e-8"),
        OfOptimizer(nameof(Options.RmsPropDecay), o => o.RmsPropDecay, "of RMSProp", "0.9", DefaultRules.RmsPropDecay, Optimizer.RmsProp)
            .In(IsFractionOrNull, Fraction + ", or null for 0.9"),
        OfOptimizer(nameof(Options.LbfgsHistorySize), o =>
            o.LbfgsHistorySize, "of L-BFGS", "10", DefaultRules.LbfgsHistorySize, Optimizer.Lbfgs)
            .In(v => v is null or (>= 1 and <= 1000), "1 to 1000, or null for 10"),
        Open(nameof(Options.L2Regularization), o => o.L2Regularization, "λ; decoupled with Adam")
            .In(v => v is null || IsNotNegative(v.Value), NotNegative + ", or null to choose by the optimizer")
            .WhenOpen("by optimizer", (o, facts) =>
                DefaultRules.L2Regularization(OptimizerOf(o), o.LearningRate is not null, facts.MeanMagnitude)),
        Number(nameof(Options.L1Regularization), o => o.L1Regularization, "λ₁; decoupled with Adam")
            .In(IsNotNegative, NotNegative)
            .NotWithLbfgs(v => v == 0, "0", "which needs a smooth penalty"),
        Open(nameof(Options.MaxNorm), o => o.MaxNorm, "the maximum norm of a hidden unit's incoming weights")
            .In(IsPositiveOrNull, Positive + ", or null for no limit")
            .NotWithLbfgs(v => v is null, "null", "which supports no limit of the norm")
            .WhenOpen("none"),
        Open(nameof(Options.GradientClipNorm), o => o.GradientClipNorm, "the maximum norm of a step's gradient")
            .In(IsPositiveOrNull, Positive + ", or null for no limit")
            .NotWithLbfgs(v => v is null, "null", "whose line search bounds each step")
            .WhenOpen("none"),
        Open(nameof(Options.InputDropout), o => o.InputDropout, "fraction of the features that are set to 0 in a step")
            .In(IsFractionOrNull, Fraction + ", or null to choose by the number of features")
            .NotWithLbfgs(v => v is null or 0, "0", SameLossInEveryPass)
            .WhenOpen("by optimizer and features", (o, facts) =>
                DefaultRules.InputDropout(OptimizerOf(o), o.Augmentation is not null, facts.InputCount)),
        Number(nameof(Options.HiddenDropout), o => o.HiddenDropout, "fraction of the hidden units that are set to 0 in a step")
            .In(IsFraction, Fraction)
            .NotWithLbfgs(v => v == 0, "0", SameLossInEveryPass),
        Of<MulticlassOptions, float>(nameof(MulticlassOptions.LabelSmoothing), o =>
            o.LabelSmoothing, "fraction of the target that is distributed over all classes")
            .In(IsFraction, Fraction),
        Of<MulticlassOptions, bool>(nameof(MulticlassOptions.BalancedClassWeights), o =>
            o.BalancedClassWeights, "all classes have the same total weight")
            .Requires(o => o.WeightsByClass is null || !o.AreClassesBalanced, _ => "false where ClassWeights are given"),
        Of<MulticlassOptions, IReadOnlyDictionary<string, float>?>(nameof(MulticlassOptions.ClassWeights), o =>
            o.ClassWeights, "factors by class name")
            .WhenOpen("none")
            .InEach(IsPositive, Positive),
        Of<BinaryOptions, float>(nameof(BinaryOptions.LabelSmoothing), o =>
            o.LabelSmoothing, "fraction of the target that is distributed over both classes")
            .In(IsFraction, Fraction),
        Of<BinaryOptions, float?>(nameof(BinaryOptions.PositiveClassWeight), o => o.PositiveClassWeight, "factor of positive rows")
            .In(IsPositiveOrNull, Positive + ", or null for 1")
            .WhenOpen("1"),
        Of<BinaryOptions, bool>(nameof(BinaryOptions.BalancedClassWeights), o =>
            o.BalancedClassWeights, "both classes have the same total weight")
            .Requires(o => o.WeightsByClass is null || !o.AreClassesBalanced, _ => "false where PositiveClassWeight is given"),
        Of<RegressionOptions, RegressionLoss>(nameof(RegressionOptions.Loss), o => o.Loss, "what is minimized")
            .InEnum(),
        Of<RegressionOptions, float?>(nameof(RegressionOptions.HuberDelta), o => o.HuberDelta, "δ of `Huber`")
            .In(IsPositiveOrNull, Positive + ", or null for 1.35")
            .BelongsTo(LossOf, RegressionLoss.Huber)
            .WhenOpen("by loss: 1.35", (o, _) => LossOf(o) == RegressionLoss.Huber ? RegressionOptions.DefaultHuberDelta : null),
        Of<RegressionOptions, float?>(nameof(RegressionOptions.Quantile), o => o.Quantile, "q of `Quantile`")
            .In(v => v is null or (> 0 and < 1), "above 0 and less than 1, or null for 0.5")
            .BelongsTo(LossOf, RegressionLoss.Quantile)
            .WhenOpen("by loss: 0.5", (o, _) => LossOf(o) == RegressionLoss.Quantile ? RegressionOptions.DefaultQuantile : null),
        Of<RegressionOptions, bool>(nameof(RegressionOptions.StandardizeTargets), o =>
            o.StandardizeTargets, "centre and scale the targets during training"),
        Of<MultilabelOptions, bool>(nameof(MultilabelOptions.ChooseThresholds), o =>
            o.ChooseThresholds, "thresholds with the highest F1 score on the validation rows"),
        OneOf(nameof(Options.WeightInitialization), o => o.WeightInitialization, "the distribution of the initial weights"),
        Any(nameof(Options.StandardizeFeatures), o => o.StandardizeFeatures, "centre and scale features during training"),
        Any(nameof(Options.Shuffle), o => o.Shuffle, "process the rows in a new random order in each epoch"),
        Any(nameof(Options.CacheRows), o => o.CacheRows, "keep the rows in memory; otherwise read them again in each epoch")
            .NotWithLbfgs(v => v, "true", "which passes over the rows many times"),
        Number(nameof(Options.ValidationFraction), o => o.ValidationFraction, "fraction of the rows that is held out for validation")
            .In(IsFraction, Fraction)
            .Requires(o => o.ValidationFraction == 0 || o.ValidationSet is null, _ => "0 where ValidationSet is given")
            .Requires(o => o.ValidationFraction == 0 || o.CacheRows, _ => "0 where CacheRows is false; give ValidationSet instead"),
        Any(nameof(Options.ValidationSet), o => o.ValidationSet, "rows for validation").WhenOpen("none"),
        Number(nameof(Options.EarlyStoppingPatience), o =>
            o.EarlyStoppingPatience, "epochs without improvement after which training stops; 0 for never")
            .In(v => v >= 0, "1 or more epochs, or 0 for never"),
        Number(nameof(Options.EarlyStoppingTolerance), o => o.EarlyStoppingTolerance, "the smallest change that counts as an improvement")
            .In(IsNotNegative, NotNegative),
        OneOf(nameof(Options.EarlyStoppingMetric), o => o.EarlyStoppingMetric, "the metric for early stopping and the best epoch")
            .Requires(
                o => o.Task != LearningTask.Regression || o.EarlyStoppingMetric == EarlyStoppingMetric.Loss,
                _ => "Loss for a regression, which has no accuracy"),
        Any(nameof(Options.RestoreBestEpoch), o => o.RestoreBestEpoch, "return the best epoch's parameters, also after divergence"),
        Any(nameof(Options.KeepBestOnCancel), o => o.KeepBestOnCancel, "return the best epoch's parameters when canceled"),
        Any(nameof(Options.CheckpointPath), o => o.CheckpointPath, "the file for the state of training").WhenOpen("none")
            .In(v => v is not "", "a file name, or null for no checkpoint"),
        Number(nameof(Options.CheckpointInterval), o => o.CheckpointInterval, "epochs between two checkpoints")
            .In(v => v >= 1, "1 or more epochs")
            .Requires(o => o.CheckpointInterval == 1 || o.CheckpointPath is not null, _ =>
                "1, the default, unless CheckpointPath is given"),
        Any(nameof(Options.ResumeFromCheckpoint), o => o.ResumeFromCheckpoint, "resume from the checkpoint if the file exists")
            .Requires(o => !o.ResumeFromCheckpoint || o.CheckpointPath is not null, _ => "false unless CheckpointPath is given"),
        Any(nameof(Options.Augmentation), o =>
            o.Augmentation, "random changes of the training rows, drawn again in each epoch; see [augmentation.md](augmentation.md)")
            .WhenOpen("none")
            .NotWithLbfgs(v => v is null, "null", SameLossInEveryPass),
        Open(nameof(Options.Seed), o => o.Seed, "the seed of all random numbers").WhenOpen("by the `MLContext`", (_, facts) => facts.Seed),
        Open(nameof(Options.NumberOfThreads), o =>
            o.NumberOfThreads, "the maximum number of threads; the result is bit-identical for any number")
            .WhenOpen("by the machine: all processors")
            .In(v => v is null or (>= 1 and <= MaxThreads), $"1 to {MaxThreads}, or null to choose by the machine"),
        Any(nameof(Options.Collective), o => o.Collective, "the processes that train together; see [distributed.md](distributed.md)")
            .WhenOpen("none")
            .Requires(o => o.Collective is null || o.Distribution is not null, _ => "null unless Distribution is given"),
        Open(nameof(Options.Distribution), o => o.Distribution, "how the work is divided among processes or shards")
            .InEnum()
            .WhenOpen("none")
            .Requires(
                o => o.Distribution != DistributionMode.ModelParallel || o.Collective is not null,
                _ => "another one, or null, unless Collective is given")
            .Requires(
                o => o.Distribution != DistributionMode.Averaging || o.Optimizer != Optimizer.Lbfgs,
                _ => "DataParallel or ModelParallel with Optimizer.Lbfgs, which has one step a pass")
            .Requires(o => !o.IsSharded || o.ValidationFraction == 0, _ =>
                "ModelParallel or null with ValidationFraction; give each rank its validation rows as ValidationSet instead")
            .Requires(o => !o.IsSharded || o is not MultilabelOptions { ChooseThresholds: true }, _ =>
                "ModelParallel or null with ChooseThresholds, which needs all validation rows in one process"),
        Open(nameof(Options.Shards), o => o.Shards, "the parts into which the rows of all processes are divided")
            .In(v => v is null or (>= 1 and <= MaxShards), $"1 to {MaxShards}, or null for one a rank")
            .WhenOpen("by the collective: its size", (o, _) => o.IsSharded ? o.ShardCount : null)
            .Requires(o => o.Shards is null || o.IsSharded, _ => "null unless Distribution is DataParallel or Averaging")
            .Requires(o => o.Shards is null || o.Shards >= (o.Collective?.Size ?? 1), o =>
                $"{o.Collective?.Size} or more, the number of ranks"),
        Open(nameof(Options.AveragingSteps), o => o.AveragingSteps, "steps between two averages")
            .In(v => v is null or >= 1, "1 or more, or null for an eighth of an epoch")
            .WhenOpen("an eighth of an epoch")
            .Requires(o => o.AveragingSteps is null || o.Distribution == DistributionMode.Averaging, _ =>
                "null unless Distribution is Averaging"),
        Open(nameof(Options.BlockMomentum), o => o.BlockMomentum, "the factor of the last change of the average")
            .In(IsFractionOrNull, Fraction + ", or null for 1 - 1/S")
            .WhenOpen("by shards: 1 - 1/S", (o, _) =>
                o.Distribution == DistributionMode.Averaging ? DefaultRules.BlockMomentum(o.ShardCount) : null)
            .Requires(o => o.BlockMomentum is null || o.Distribution == DistributionMode.Averaging, _ =>
                "null unless Distribution is Averaging"),
        Any(nameof(Options.EpochCallback), o => o.EpochCallback, "called after each epoch").WhenOpen("none"),
        Any(nameof(Options.CancellationToken), o => o.CancellationToken, "stops training between two batches").WhenOpen("none"),
    ];

    /// <summary>Checks all options.</summary>
    /// <exception cref="ArgumentException">An option is out of range or has no effect in combination with the others; the message names it,
    /// its value and the values expected.</exception>
    public static void Check(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (OptionDefinition option in For(options))
        {
            option.CheckRange(options);
        }

        foreach (OptionDefinition option in For(options))
        {
            option.CheckCombinations(options);
        }
    }

    /// <summary>Lists every option by name as text; options that are null have the values chosen for them.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Describe(Options options, TrainingFacts facts) =>
        [.. For(options).SelectMany(option => option.Describe(options, facts))];

    /// <summary>Lists every option as it was given, by name; for the ranks of one training, which must have the same.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> DescribeGiven(Options options) =>
        [.. For(options).SelectMany(option => option.DescribeGiven(options))];

    /// <summary>Whether L-BFGS accepts the other options.</summary>
    public static bool AcceptsLbfgs(Options options)
    {
        Options changed = options.Clone();
        changed.Optimizer = Optimizer.Lbfgs;
        return For(changed).SelectMany(option => option.Requirements).All(requirement => requirement.Holds(changed));
    }

    /// <summary>Gets the optimizer of the options; Adam where it is null: for small tables, <c>Fit</c> has set L-BFGS before.</summary>
    public static Optimizer OptimizerOf(Options options) => options.Optimizer ?? Optimizer.Adam;

    /// <summary>Gets the options of a task, in the order of the table.</summary>
    public static IEnumerable<OptionDefinition> For(Options options) => All.Where(option => option.AppliesTo(options));

    private static RegressionLoss LossOf(Options options) => options.RegressionLoss;

    /// <summary>An option of one task.</summary>
    private static OptionDefinition<T> Of<TOptions, T>(string name, Func<TOptions, T> get, string description)
        where TOptions : Options =>
        new(name, options => get((TOptions)options), description) { Owner = typeof(TOptions) };

    private static LearningRateSchedule ScheduleOf(Options options) =>
        options.LearningRateSchedule ?? DefaultRules.Schedule(OptimizerOf(options));

    private static bool Drops(Options options) => ScheduleOf(options) is LearningRateSchedule.Step or LearningRateSchedule.OnPlateau;
}
