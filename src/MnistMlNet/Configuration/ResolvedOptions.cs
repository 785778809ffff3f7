using MnistMlNet.Primitives;

namespace MnistMlNet.Configuration;

/// <summary>The options of a training run, with values in place of those that were null.</summary>
internal sealed record ResolvedOptions
{
    public required Optimizer Optimizer { get; init; }

    public required int NumberOfEpochs { get; init; }

    public required int BatchSize { get; init; }

    public required float LearningRate { get; init; }

    public required LearningRateSchedule LearningRateSchedule { get; init; }

    public required float Momentum { get; init; }

    public required bool Nesterov { get; init; }

    public required float L2Regularization { get; init; }

    public float L1Regularization { get; init; }

    /// <summary>Gets the maximum norm of a hidden unit's incoming weights; infinite for no limit.</summary>
    public float MaxNorm { get; init; } = float.PositiveInfinity;

    /// <summary>Gets the maximum norm of a step's gradient; infinite for no limit.</summary>
    public float GradientClipNorm { get; init; } = float.PositiveInfinity;

    public float InputDropout { get; init; }

    public float HiddenDropout { get; init; }

    public float LabelSmoothing { get; init; }

    public RegressionLoss RegressionLoss { get; init; }

    /// <summary>Gets δ or q, where the loss has one.</summary>
    public float LossParameter { get; init; }

    /// <summary>Gets the unit of each output's target during training; null for 1.</summary>
    public float[]? TargetScales { get; init; }

    /// <summary>Gets the options that are false, so that training works in the unit of the features or of the targets.</summary>
    public string[] UsesOwnUnits { get; init; } = [];

    public float Beta1 { get; init; } = DefaultRules.Beta1;

    public float Beta2 { get; init; } = DefaultRules.Beta2;

    public float Epsilon { get; init; } = DefaultRules.Epsilon;

    public float RmsPropDecay { get; init; } = DefaultRules.RmsPropDecay;

    public int LbfgsHistorySize { get; init; } = DefaultRules.LbfgsHistorySize;

    public float WarmUpEpochs { get; init; }

    public float LearningRateDropFactor { get; init; } = DefaultRules.LearningRateDropFactor;

    public int LearningRateDropEpochs { get; init; } = 10;

    public float InverseScalingPower { get; init; } = DefaultRules.InverseScalingPower;

    /// <summary>Gets the number of epochs without improvement after which training stops; 0 for never.</summary>
    public int EarlyStoppingPatience { get; init; }

    public float EarlyStoppingTolerance { get; init; } = 1e-4f;

    public EarlyStoppingMetric EarlyStoppingMetric { get; init; }

    public bool RestoreBestEpoch { get; init; }

    public bool KeepBestOnCancel { get; init; }

    /// <summary>Gets the weight of each class; null where all are 1.</summary>
    public float[]? ClassWeights { get; init; }

    public required bool Shuffle { get; init; }

    public required int Seed { get; init; }

    /// <summary>Gets the maximum number of threads, the calling thread included.</summary>
    public required int NumberOfThreads { get; init; }

    /// <summary>Gets the factory of the worker-count controller; null for the default controller.</summary>
    public Func<int, IWorkerCount>? WorkerCounts { get; init; }

    public DistributionMode? Distribution { get; init; }

    /// <summary>Gets the number of shards; 1 where the rows aren't divided.</summary>
    public int ShardCount { get; init; } = 1;

    /// <summary>Gets the number of steps between two averages; 0 for a fixed part of an epoch.</summary>
    public int AveragingSteps { get; init; }

    public float BlockMomentum { get; init; }

    /// <summary>Gets the options of one shard, whose random numbers are its own. Those of shard 0 are the same as without shards.</summary>
    public ResolvedOptions ForShard(int shard) =>
        shard == 0 ? this : this with { Seed = (int)(SeededRandom.Mix((ulong)Seed, (ulong)shard) >> 32) };

    /// <summary>Gets the key of an epoch's random numbers; together with the row it selects a random stream.</summary>
    public ulong RandomKey(int epoch) => new SeededRandom(Seed, (uint)epoch | 1UL << 63).Next();

    /// <summary>Gets the augmentation of training rows; null for none.</summary>
    public IAugmentation? Augmentation { get; init; }

    public long BatchesPerEpoch(long rowCount) => (rowCount + BatchSize - 1) / BatchSize;

    /// <summary>Replaces the options that are null by values, as <see cref="OptionTable"/> defines them.</summary>
    public static ResolvedOptions Create(TwoLayerNetworkOptions options, TrainingFacts facts, float[]? classWeights)
    {
        Dictionary<string, object?> values = OptionTable.For(options).ToDictionary(option => option.Name, option =>
            option.ResolveValue(options, facts));
        T Get<T>(string name) => (T)values[name]!;
        T GetOr<T>(string name, T otherwise) => values[name] is T value ? value : otherwise;
        return new ResolvedOptions
        {
            Optimizer = Get<Optimizer>(nameof(options.Optimizer)),
            NumberOfEpochs = Get<int>(nameof(options.NumberOfEpochs)),
            BatchSize = Get<int>(nameof(options.BatchSize)),
            LearningRate = Get<float>(nameof(options.LearningRate)),
            LearningRateSchedule = Get<LearningRateSchedule>(nameof(options.LearningRateSchedule)),
            LearningRateDropFactor = GetOr(nameof(options.LearningRateDropFactor), DefaultRules.LearningRateDropFactor),
            LearningRateDropEpochs = GetOr(nameof(options.LearningRateDropEpochs), 10),
            InverseScalingPower = GetOr(nameof(options.InverseScalingPower), DefaultRules.InverseScalingPower),
            WarmUpEpochs = options.WarmUpEpochs,
            Momentum = options.Momentum,
            Nesterov = options.Nesterov,
            Beta1 = GetOr(nameof(options.Beta1), DefaultRules.Beta1),
            Beta2 = GetOr(nameof(options.Beta2), DefaultRules.Beta2),
            Epsilon = GetOr(nameof(options.Epsilon), DefaultRules.Epsilon),
            RmsPropDecay = GetOr(nameof(options.RmsPropDecay), DefaultRules.RmsPropDecay),
            LbfgsHistorySize = GetOr(nameof(options.LbfgsHistorySize), DefaultRules.LbfgsHistorySize),
            L2Regularization = Get<float>(nameof(options.L2Regularization)),
            L1Regularization = options.L1Regularization,
            MaxNorm = GetOr(nameof(options.MaxNorm), float.PositiveInfinity),
            GradientClipNorm = GetOr(nameof(options.GradientClipNorm), float.PositiveInfinity),
            InputDropout = Get<float>(nameof(options.InputDropout)),
            HiddenDropout = options.HiddenDropout,
            LabelSmoothing = options.SmoothingOfLabels,
            RegressionLoss = options.RegressionLoss,
            LossParameter = options.LossParameter,
            UsesOwnUnits =
            [
                .. options.StandardizeFeatures ? [] : new[] { nameof(options.StandardizeFeatures) },
                .. options is TwoLayerNetworkRegressionTrainer.Options { StandardizeTargets: false }
                    ? new[] { nameof(TwoLayerNetworkRegressionTrainer.Options.StandardizeTargets) } : [],
            ],
            ClassWeights = classWeights,
            EarlyStoppingPatience = options.EarlyStoppingPatience,
            EarlyStoppingTolerance = options.EarlyStoppingTolerance,
            EarlyStoppingMetric = options.EarlyStoppingMetric,
            RestoreBestEpoch = options.RestoreBestEpoch,
            KeepBestOnCancel = options.KeepBestOnCancel,
            Augmentation = options.Augmentation,
            Shuffle = options.Shuffle,
            Seed = facts.Seed,
            NumberOfThreads = options is { WorkerCounts: not null, NumberOfThreads: { } exactly }
                ? exactly                                                          // lets a test have three threads on two processors
                : ChooseNumberOfThreads(options.NumberOfThreads, OperatingSystem.IsBrowser() ? 1 : Environment.ProcessorCount),
            WorkerCounts = options.WorkerCounts,
            Distribution = options.Distribution,
            ShardCount = options.IsSharded ? options.ShardCount : 1,
            AveragingSteps = options.AveragingSteps ?? 0,
            BlockMomentum = GetOr(nameof(options.BlockMomentum), 0f),
        };
    }

    /// <summary>
    /// Gets the maximum number of threads: the given number, but at most the number of processors, since workers wait for each other.
    /// A browser (WebAssembly) has one, where no thread can be started.
    /// </summary>
    public static int ChooseNumberOfThreads(int? given, int processors) => Math.Min(given ?? processors, processors);

    /// <summary>Gets the given or chosen batch size; at most the number of rows.</summary>
    public static int ChooseBatchSize(TwoLayerNetworkOptions options, long rowCount) => options.BatchSize switch
    {
        _ when options.Optimizer == Optimizer.Lbfgs => (int)Math.Min(rowCount, int.MaxValue),
        null => DefaultRules.BatchSize(rowCount),
        0 => (int)Math.Min(rowCount, int.MaxValue),                                                        // not accepted for streamed rows
        int size => (int)Math.Min(size, rowCount),
    };
}

/// <summary>
/// Decides how many workers run in a phase. Results are bit-identical for any number, so it may change from phase to phase.
/// </summary>
/// <remarks>All times are timestamps in ticks of <see cref="System.Diagnostics.Stopwatch"/>, passed in by the caller.</remarks>
internal interface IWorkerCount
{
    /// <summary>
    /// Gets whether the calling thread, after its own partition of the work, also processes the partition of a worker that hasn't begun.
    /// </summary>
    bool TakesOver { get; }

    /// <summary>
    /// Gets the number of workers for a phase: the maximum number of workers, halved (and rounded down) any number of times.
    /// </summary>
    /// <param name="work">The work of the phase, in multiply-adds.</param>
    int For(long work);

    /// <summary>
    /// Gets the range of additional workers whose cores must be tested for other load before they get work: the first worker, and the last
    /// one plus 1; both 0 for none.
    /// </summary>
    (int First, int End) Wanted(long now);

    /// <summary>Records the longest interruption during the test of the workers from <see cref="Wanted"/>.</summary>
    void Tested(long longestGap, long now);

    /// <summary>Records the time of a phase that is long enough to be timed.</summary>
    /// <param name="work">The work of the phase, as in <see cref="For"/>.</param>
    /// <param name="time">The time from its begin to the end of the last worker.</param>
    /// <param name="now">The end.</param>
    void Ended(long work, long time, long now);
}
