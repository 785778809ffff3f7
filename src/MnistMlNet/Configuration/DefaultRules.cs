using System.Numerics;
using MnistMlNet.Primitives;

namespace MnistMlNet.Configuration;

/// <summary>The rules for the values of options that are null.</summary>
internal static class DefaultRules
{
    public const int LbfgsHistorySize = 10;

    /// <summary>The default maximum of scikit-learn's MLPClassifier.</summary>
    public const int LbfgsIterations = 200;

    public const float Beta1 = 0.9f;
    public const float Beta2 = 0.999f;
    public const float Epsilon = 1e-8f;
    public const float RmsPropDecay = 0.9f;
    public const float LearningRateDropFactor = 0.1f;
    public const float InverseScalingPower = 0.5f;

    /// <summary>Rows × epochs for a small training set: 150 rows are trained on for 400 epochs.</summary>
    private const int RowVisits = 60_000;

    private const float AdamRate = 0.004f;

    /// <summary>The mean over the rows of Σ|x| up to which the learning rate isn't reduced.</summary>
    private const double MaxMeanMagnitude = 250;

    private const int MinEpochs = 30;
    private const int MaxEpochs = 400;
    private const int ManyInputs = 100;

    private const int SmallRows = 5_000;
    private const int SearchedRows = 20_000;
    private const int SearchedWeights = 20_000;
    private const long SearchedProducts = 32_000_000;

    private const int SearchedIterations = 600;
    private const int RowsOfIteration = 8;
    private const double FinalProducts = 4e9;

    /// <summary>The number of averages in an epoch of <see cref="DistributionMode.Averaging"/>.</summary>
    public const int RoundsOfEpoch = 8;

    /// <summary>Whether L-BFGS is fast enough on a table for the many trainings by which λ is chosen.</summary>
    /// <remarks>On 18 small tables it had 37 % less log-loss than Adam with the default λ, and 6 % less than Adam with a chosen one. On
    /// ten tables of 5,600 to 12,800 rows it had 7 % less than Adam with its defaults: 30 % less on the best one, 9 % more on the worst.
    /// </remarks>
    /// <param name="weights">Of the network: H · (I + C).</param>
    public static bool IsSearched(long rowCount, long weights) =>
        rowCount <= SearchedRows && weights <= SearchedWeights && rowCount * weights <= SearchedProducts;

    /// <summary>The multiply-adds of a search for λ: about one and a half seconds up to 5,000 rows, a quarter of a second beyond.</summary>
    /// <remarks>
    /// A third of it raised the log-loss by 1 % over 15 tables, by 9 % on the worst. Beyond 5,000 rows, <c>Fit</c> of 10,000 × 50 must not
    /// take ten times as long as with Adam, and more rows need no more accurate choice.
    /// </remarks>
    public static double SearchBudget(long rowCount) => rowCount <= SmallRows ? 3e10 : 5e9;

    /// <summary>Iterations of L-BFGS with a chosen λ: rows / 8, within 200 … 600, fewer than 600 where rows × weights exceed 8 million.
    /// </summary>
    /// <remarks>
    /// Letter recognition (4,800 rows, 26 classes) has 4 % less log-loss with 600 than with 200. Below 1,000 rows 600 are no better.
    /// </remarks>
    public static int IterationsAfterSearch(long rowCount, long weights) => (int)Math.Clamp(
        Math.Min(rowCount / RowsOfIteration, FinalProducts / ((double)rowCount * weights)), LbfgsIterations, SearchedIterations);

    /// <summary>1 - 1/S, as Chen and Huo (2016) and CNTK choose it.</summary>
    public static float BlockMomentum(int shards) => 1 - 1f / shards;

    /// <summary>About a hundredth of the rows, a power of two within 8 … 64.</summary>
    /// <remarks>
    /// With large batches, a small training set gets too few steps. Above 64, the longer time of a step outweighs its better gradient for
    /// networks of this size.
    /// </remarks>
    public static int BatchSize(long rowCount) =>
        Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)Math.Min((rowCount + 99) / 100, 1 << 30)), 8, 64);

    /// <summary>60,000 / rows, within 30 … 400; 200 iterations of L-BFGS.</summary>
    public static int NumberOfEpochs(Optimizer optimizer, long rowCount) =>
        optimizer == Optimizer.Lbfgs ? LbfgsIterations : (int)Math.Clamp(RowVisits / rowCount, MinEpochs, MaxEpochs);

    /// <summary>
    /// 0.1 with gradient descent; 0.004 with Adam and 0.001 with RMSProp, halved each time that the mean over the rows of Σ|x| doubles
    /// beyond 250; 1 with L-BFGS, whose line search finds each step.
    /// </summary>
    /// <remarks>
    /// A step of Adam changes every weight by about η, and so the pre-activation of a hidden unit by up to η Σ|x|. The mean Σ|x| is 105 for
    /// MNIST and 224 for Fashion-MNIST. For images of black on white, with a mean of 680, accuracy was 36 % with η = 0.003, and above 91 %
    /// with a quarter of it. The rate is only halved, and not scaled continuously, so that rounding errors in the mean don't change it.
    /// </remarks>
    public static float LearningRate(Optimizer optimizer, Func<double> meanMagnitude) => optimizer switch
    {
        Optimizer.GradientDescent => 0.1f,
        Optimizer.Adam => Halve(AdamRate, meanMagnitude()),
        Optimizer.RmsProp => Halve(0.001f, meanMagnitude()),
        Optimizer.Lbfgs => 1,
        _ => throw UnknownMember.Of(optimizer),
    };

    /// <summary>
    /// 0.05 with Adam, doubled each time that <see cref="LearningRate"/> is halved, so that ηλ is 0.0002; 0.0001 with L-BFGS, else 0.
    /// </summary>
    /// <remarks>
    /// <para>Decoupled decay of 0.05 raised the accuracy on MNIST by 0.3 percentage points, measured on 10,000 held-out training digits
    /// (seeds 1..5). 0.03 and 0.1 gave nearly the same.</para>
    /// <para>If features are twice as large, the weights of the same function are half as large. The size at which decay balances Adam's
    /// steps is proportional to 1 / λ, so λ must be twice as large. On 10,000 held-out images of Fashion-MNIST (128 units, seeds 1..3,
    /// standardized, so η is 0.001) λ = 0.2 had a log-loss of 0.277 and 0.05 one of 0.304.</para>
    /// </remarks>
    /// <param name="isRateGiven">Whether the learning rate is that of the options: then λ isn't doubled.</param>
    public static float L2Regularization(Optimizer optimizer, bool isRateGiven, Func<double> meanMagnitude) => optimizer switch
    {
        Optimizer.Adam => isRateGiven ? 0.05f : 0.05f * (AdamRate / LearningRate(optimizer, meanMagnitude)),
        Optimizer.Lbfgs => 1e-4f,
        Optimizer.GradientDescent or Optimizer.RmsProp => 0,
        _ => throw UnknownMember.Of(optimizer),
    };

    /// <summary>3 epochs with <see cref="LearningRateSchedule.OnPlateau"/>, else 10.</summary>
    public static int LearningRateDropEpochs(LearningRateSchedule schedule) => schedule == LearningRateSchedule.OnPlateau ? 3 : 10;

    /// <summary>0.1 with Adam on 100 features or more without augmentation, else 0.</summary>
    /// <remarks>
    /// Input dropout of 0.1 raised the accuracy on MNIST by 0.2 percentage points, measured on 10,000 held-out training digits (seeds
    /// 1..5). With few features, each of them may be needed. Augmentation has the same regularizing effect and more.
    /// </remarks>
    public static float InputDropout(Optimizer optimizer, bool isAugmented, int inputCount) =>
        optimizer == Optimizer.Adam && !isAugmented && inputCount >= ManyInputs ? 0.1f : 0;

    /// <summary>Cosine with Adam and RMSProp, else constant.</summary>
    public static LearningRateSchedule Schedule(Optimizer optimizer) => optimizer switch
    {
        Optimizer.Adam or Optimizer.RmsProp => LearningRateSchedule.Cosine,
        Optimizer.GradientDescent or Optimizer.Lbfgs => LearningRateSchedule.Constant,
        _ => throw UnknownMember.Of(optimizer),
    };

    private static float Halve(float rate, double meanMagnitude) =>
        MathF.ScaleB(rate, -Math.Max(0, (int)Math.Ceiling(Math.Log2(meanMagnitude / MaxMeanMagnitude))));
}
