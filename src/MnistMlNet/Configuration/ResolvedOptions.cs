using MnistMlNet.Primitives;

namespace MnistMlNet.Configuration;

/// <summary>Everything that a run needs, with what the options left open filled in.</summary>
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

    /// <summary>Gets the largest norm of a hidden unit's incoming weights; infinite for none.</summary>
    public float MaxNorm { get; init; } = float.PositiveInfinity;

    /// <summary>Gets the largest norm of a step's gradient; infinite for none.</summary>
    public float GradientClipNorm { get; init; } = float.PositiveInfinity;

    public float InputDropout { get; init; }

    public float HiddenDropout { get; init; }

    public float LabelSmoothing { get; init; }

    public float Beta1 { get; init; } = DefaultRules.Beta1;

    public float Beta2 { get; init; } = DefaultRules.Beta2;

    public float Epsilon { get; init; } = DefaultRules.Epsilon;

    public float RmsPropDecay { get; init; } = DefaultRules.RmsPropDecay;

    public int LbfgsHistorySize { get; init; } = DefaultRules.LbfgsHistorySize;

    public float WarmUpEpochs { get; init; }

    public float LearningRateDropFactor { get; init; } = DefaultRules.LearningRateDropFactor;

    public int LearningRateDropEpochs { get; init; } = 10;

    public float InverseScalingPower { get; init; } = DefaultRules.InverseScalingPower;

    /// <summary>Gets the epochs without improvement after which training stops; 0 for never.</summary>
    public int EarlyStoppingPatience { get; init; }

    public float EarlyStoppingTolerance { get; init; } = 1e-4f;

    public EarlyStoppingMetric EarlyStoppingMetric { get; init; }

    public bool RestoreBestEpoch { get; init; }

    public bool KeepBestOnCancel { get; init; }

    /// <summary>Gets the factor of each class's rows; null where all are 1.</summary>
    public float[]? ClassWeights { get; init; }

    public required bool Shuffle { get; init; }

    public required int Seed { get; init; }

    /// <summary>Gets the most threads, the calling one included.</summary>
    public required int NumberOfThreads { get; init; }

    /// <summary>Gets what makes the one that decides how many of them take part; null for as many as pay.</summary>
    public Func<int, IWorkerCount>? WorkerCounts { get; init; }

    /// <summary>Gets the number that names the random numbers of an epoch, beside the row.</summary>
    public ulong RandomKey(int epoch) => new SeededRandom(Seed, (uint)epoch | 1UL << 63).Next();

    /// <summary>Gets what changes training rows; null for nothing.</summary>
    public IAugmentation? Augmentation { get; init; }

    public long BatchesPerEpoch(long rowCount) => (rowCount + BatchSize - 1) / BatchSize;

    /// <summary>Fills in what the options leave open, by <see cref="OptionTable"/>.</summary>
    public static ResolvedOptions Create(TwoLayerNetworkTrainer.Options options, TrainingFacts facts, float[]? classWeights)
    {
        Dictionary<string, object?> values = OptionTable.All.ToDictionary(option => option.Name, option =>
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
            LabelSmoothing = options.LabelSmoothing,
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
                ? exactly                                                          // so that a test has three threads on two processors
                : ChooseNumberOfThreads(options.NumberOfThreads, Environment.ProcessorCount),
            WorkerCounts = options.WorkerCounts,
        };
    }

    /// <summary>The most threads: as many as are given, and no more than there are processors, since workers wait for each other.</summary>
    public static int ChooseNumberOfThreads(int? given, int processors) => Math.Min(given ?? processors, processors);

    /// <summary>The batch size that is given or chosen; no more than the rows.</summary>
    public static int ChooseBatchSize(TwoLayerNetworkTrainer.Options options, long rowCount) => options.BatchSize switch
    {
        _ when options.Optimizer == Optimizer.Lbfgs => (int)rowCount,
        null => DefaultRules.BatchSize(rowCount),
        0 => (int)rowCount,                                                        // refused where rows are streamed
        int size => (int)Math.Min(size, rowCount),
    };
}

/// <summary>Decides how many workers take part in a phase. It changes no bit of a result, so it may change at any phase.</summary>
/// <remarks>All times are timestamps in ticks of <see cref="System.Diagnostics.Stopwatch"/>, given from outside.</remarks>
internal interface IWorkerCount
{
    /// <summary>Gets whether the caller does the share of a worker that hasn't begun when the caller's own share is done.</summary>
    bool TakesOver { get; }

    /// <summary>How many take part in a phase: the most workers, halved (and rounded down) any number of times.</summary>
    /// <param name="work">The work of the phase, in multiply-adds.</param>
    int For(long work);

    /// <summary>Which further workers shall show that their cores are free, before phases are shared out to them: the first, and one
    /// behind the last; both 0 for none.</summary>
    (int First, int End) Wanted(long now);

    /// <summary>Takes note of how long the longest interruption was while the wanted workers were tested.</summary>
    void Tested(long longestGap, long now);

    /// <summary>Takes note of a phase that was shared out.</summary>
    /// <param name="work">How long the caller worked, for itself and for others.</param>
    /// <param name="wait">How long it did nothing else but wake the others and wait for them.</param>
    /// <param name="shares">How many shares the caller did: 1, and one more for each worker that came too late.</param>
    void Ended(long work, long wait, int shares, long now);
}
