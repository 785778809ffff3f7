using MnistMlNet.Network;

namespace MnistMlNet.Tests.Network;

/// <summary>Large batches are predicted on several threads, with the bits of one thread.</summary>
public sealed class ParallelPredictionTests
{
    private const int Inputs = 200;
    private const int Classes = 5;

    /// <summary>Enough work for several threads: see <see cref="ParallelPrediction.WorkPerThread"/>.</summary>
    private const int Rows = 4000;

    private static readonly float[] s_features = RandomValues(Rows * Inputs, 1);

    private readonly TwoLayerNetworkModelParameters _model = TwoLayerNetworkModelParameters.Create(
        Inputs, 70, Classes, RandomValues(70 * Inputs, 2), RandomValues(70, 3), RandomValues(Classes * 70, 4), RandomValues(Classes, 5));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void PredictBatch_AnyNumberOfThreads_GivesTheBitsOfPredict(int threads)
    {
        float[] expected = OneByOne(), actual = new float[Rows * Classes];

        _model.PredictBatch(s_features, actual, threads);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void PredictBatch_ManyCallersAtTheSameTime_GivesEachItsOwnRows()
    {
        float[] expected = OneByOne();
        var results = new float[8][];

        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, caller =>
        {
            for (int again = 0; again < 5; again++)
            {
                results[caller] = new float[Rows * Classes];
                _model.PredictBatch(s_features, results[caller]);
            }
        });

        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public void PredictBatch_NoThreadOfThePoolComes_IsDoneByTheCaller()
    {
        // Every thread of the pool waits until the caller is done: helpers that never begin must not be waited for.
        float[] expected = OneByOne(), actual = new float[Rows * Classes];
        // Not disposed: a thread may come to it after the test.
        var done = new ManualResetEventSlim();
        ThreadPool.GetMaxThreads(out int workers, out _);
        int blocked = Math.Min(workers, 64);
        for (int i = 0; i < blocked; i++)
        {
            ThreadPool.QueueUserWorkItem(_ => done.Wait());
        }

        try
        {
            _model.PredictBatch(s_features, actual);
        }
        finally
        {
            done.Set();
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void PredictBatch_NoThread_IsRefused()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => _model.PredictBatch(s_features, new float[Rows * Classes], 0));

        Assert.StartsWith("numberOfThreads is 0; it must be 1 or more.", e.Message, StringComparison.Ordinal);
    }

    private static float[] RandomValues(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() < 0.5f ? 0 : random.NextSingle() - 0.5f)];
    }

    private float[] OneByOne()
    {
        float[] all = new float[Rows * Classes];
        for (int r = 0; r < Rows; r++)
        {
            _model.Predict(s_features.AsSpan(r * Inputs, Inputs), all.AsSpan(r * Classes, Classes));
        }

        return all;
    }
}
