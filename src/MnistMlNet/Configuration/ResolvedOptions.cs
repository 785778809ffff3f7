using MnistMlNet.Data;
using MnistMlNet.Optimizers.Lbfgs;
using MnistMlNet.Primitives;

namespace MnistMlNet.Configuration;

/// <summary>Everything that a run needs, with what the options left open filled in.</summary>
internal sealed record ResolvedOptions
{
    /// <summary>Rows × epochs that a small set is trained for: 150 rows pass 400 times.</summary>
    private const int RowsInAll = 60_000;

    /// <summary>The rows' mean Σ|x| up to which the learning rate is left alone.</summary>
    private const double MaxMeanMagnitude = 250;

    /// <summary>As many as scikit-learn's MLPClassifier does at most.</summary>
    private const int LbfgsIterations = 200;

    private const int MinEpochs = 30;
    private const int MaxEpochs = 400;
    private const int ManyInputs = 100;

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

    public float Beta1 { get; init; } = 0.9f;

    public float Beta2 { get; init; } = 0.999f;

    public float Epsilon { get; init; } = 1e-8f;

    public float RmsPropDecay { get; init; } = 0.9f;

    public int LbfgsHistorySize { get; init; } = LbfgsMinimizer.DefaultHistorySize;

    public float WarmUpEpochs { get; init; }

    public float LearningRateDropFactor { get; init; } = 0.1f;

    public int LearningRateDropEpochs { get; init; } = 10;

    public float InverseScalingPower { get; init; } = 0.5f;

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

    /// <summary>Fills in what the options leave open.</summary>
    /// <param name="rowCount">The rows that are trained on.</param>
    /// <param name="sample">Rows that stand for all of them.</param>
    public static ResolvedOptions Create(TwoLayerNetworkTrainer.Options options, long rowCount, PackedRows sample, int seed, float[]? classWeights)
    {
        LearningRateSchedule schedule = options.LearningRateSchedule ?? ChooseSchedule(options.Optimizer);
        return new ResolvedOptions
        {
            Optimizer = options.Optimizer,
            NumberOfEpochs = options.NumberOfEpochs ?? (options.Optimizer == Optimizer.Lbfgs ? LbfgsIterations : ChooseNumberOfEpochs(rowCount)),
            BatchSize = ChooseBatchSize(options, rowCount),
            LearningRate = options.Optimizer == Optimizer.Lbfgs ? 1 : options.LearningRate ?? ChooseLearningRate(options.Optimizer, sample.MeanMagnitude()),
            LearningRateSchedule = schedule,
            LearningRateDropFactor = options.LearningRateDropFactor ?? 0.1f,
            LearningRateDropEpochs = options.LearningRateDropEpochs ?? ChooseDropEpochs(schedule),
            InverseScalingPower = options.InverseScalingPower ?? 0.5f,
            WarmUpEpochs = options.WarmUpEpochs,
            Momentum = options.Momentum,
            Nesterov = options.Nesterov,
            Beta1 = options.Beta1 ?? 0.9f,
            Beta2 = options.Beta2 ?? 0.999f,
            Epsilon = options.Epsilon ?? 1e-8f,
            RmsPropDecay = options.RmsPropDecay ?? 0.9f,
            LbfgsHistorySize = options.LbfgsHistorySize ?? LbfgsMinimizer.DefaultHistorySize,
            L2Regularization = options.L2Regularization ?? ChooseL2Regularization(options.Optimizer),
            L1Regularization = options.L1Regularization,
            MaxNorm = options.MaxNorm ?? float.PositiveInfinity,
            GradientClipNorm = options.GradientClipNorm ?? float.PositiveInfinity,
            InputDropout = options.InputDropout ?? ChooseInputDropout(options, sample.InputCount),
            HiddenDropout = options.HiddenDropout,
            LabelSmoothing = options.LabelSmoothing,
            ClassWeights = classWeights,
            EarlyStoppingPatience = options.EarlyStoppingPatience,
            EarlyStoppingTolerance = options.EarlyStoppingTolerance,
            EarlyStoppingMetric = options.EarlyStoppingMetric,
            RestoreBestEpoch = options.RestoreBestEpoch,
            KeepBestOnCancel = options.KeepBestOnCancel,
            Shuffle = options.Shuffle,
            Seed = seed,
            NumberOfThreads = options is { WorkerCounts: not null, NumberOfThreads: { } exactly }
                ? exactly                                                          // so that a test has three threads on two processors
                : ChooseNumberOfThreads(options.NumberOfThreads, Environment.ProcessorCount),
            WorkerCounts = options.WorkerCounts,
        };
    }

    /// <summary>The batch size that is given or chosen; no more than the rows.</summary>
    public static int ChooseBatchSize(TwoLayerNetworkTrainer.Options options, long rowCount) => options.BatchSize switch
    {
        _ when options.Optimizer == Optimizer.Lbfgs => (int)rowCount,
        null => ChooseBatchSize(rowCount),
        0 => (int)rowCount,                                                        // OptionsCheck keeps this from streams
        int size => (int)Math.Min(size, rowCount),
    };

    /// <summary>The batch size where none is given: about a hundredth of the rows, a power of two within 8 … 64.</summary>
    /// <remarks>A small set needs small batches, or else it sees too few steps; beyond 64 a step costs more than it teaches at this size of network.</remarks>
    public static int ChooseBatchSize(long rowCount) =>
        Math.Clamp((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min((rowCount + 99) / 100, 1 << 30)), 8, 64);

    /// <summary>The number of epochs where none is given: 60,000 / rows, within 30 … 400.</summary>
    public static int ChooseNumberOfEpochs(long rowCount) => (int)Math.Clamp(RowsInAll / rowCount, MinEpochs, MaxEpochs);

    /// <summary>The learning rate where none is given: 0.1 with gradient descent; 0.004 with Adam and 0.001 with RMSProp, halved each time that the rows' mean sum of magnitudes doubles beyond 250.</summary>
    /// <remarks>
    /// A step of Adam moves every weight by about η, and so a hidden unit's sum by η Σ|x|. MNIST's rows sum up to 105 and Fashion-MNIST's to 224;
    /// at 680, black on white, 0.003 left the network at 36 % and a quarter of it brought it above 91 %.
    /// In whole halvings, so that rounding in the sum can't show.
    /// </remarks>
    public static float ChooseLearningRate(Optimizer optimizer, double meanMagnitude)
    {
        if (optimizer == Optimizer.GradientDescent)
        {
            return 0.1f;
        }

        int halvings = Math.Max(0, (int)Math.Ceiling(Math.Log2(meanMagnitude / MaxMeanMagnitude)));
        return MathF.ScaleB(optimizer == Optimizer.RmsProp ? 0.001f : 0.004f, -halvings);
    }

    /// <summary>The regularization where none is given.</summary>
    /// <remarks>Decoupled decay of 0.05 raised MNIST's accuracy by 0.3 points on 10,000 held-out training digits (seeds 1..5); 0.03 and 0.1 came close.</remarks>
    public static float ChooseL2Regularization(Optimizer optimizer) => optimizer switch
    {
        Optimizer.Adam => 0.05f,
        Optimizer.Lbfgs => 1e-4f,
        _ => 0,
    };

    /// <summary>The epochs before a drop where none are given: a plateau is noticed sooner than a step would come.</summary>
    public static int ChooseDropEpochs(LearningRateSchedule schedule) => schedule == LearningRateSchedule.OnPlateau ? 3 : 10;

    /// <summary>The share of features left out where none is given.</summary>
    /// <remarks>
    /// A tenth of many features can be missed, and a network that learns to do without it raised MNIST's accuracy by 0.2 points on 10,000 held-out training digits
    /// (seeds 1..5); of a few features each may be needed. Augmentation does the same and more.
    /// </remarks>
    public static float ChooseInputDropout(TwoLayerNetworkTrainer.Options options, int inputCount) =>
        options is { Optimizer: Optimizer.Adam, Augmentation: null } && inputCount >= ManyInputs ? 0.1f : 0;

    /// <summary>The most threads: as many as are given, and no more than there are processors, since workers wait for each other.</summary>
    public static int ChooseNumberOfThreads(int? given, int processors) => Math.Min(given ?? processors, processors);

    /// <summary>The schedule where none is given.</summary>
    public static LearningRateSchedule ChooseSchedule(Optimizer optimizer) =>
        optimizer is Optimizer.Adam or Optimizer.RmsProp ? LearningRateSchedule.Cosine : LearningRateSchedule.Constant;
}
