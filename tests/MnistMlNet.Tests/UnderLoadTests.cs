using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests;

/// <summary>One model used by many threads.</summary>
/// <remarks>
/// That prediction takes no lock is read from the instructions, in NamedTypeTests. Lock contention could only be counted for the whole
/// process, so such a test would fail because of other threads of the test host.
/// </remarks>
public sealed class UnderLoadTests
{
    private const int RowCount = 1000;

    /// <summary>Passes over the rows that each thread makes; two threads for each of the four ways make a million rows.</summary>
    private const int Passes = 125;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly Example[] _rows = Examples.Rows(RowCount);
    private readonly TwoLayerNetworkTransformer _transformer;
    private readonly float[] _expected;

    public UnderLoadTests()
    {
        _transformer = Examples.Trainer(_mlContext, options => options.HiddenUnits = 40).Fit(Examples.Keyed(_mlContext, _rows));
        _expected = new float[RowCount * Examples.ClassCount];
        for (int r = 0; r < RowCount; r++)
        {
            _transformer.Model.Predict(_rows[r].Features, _expected.AsSpan(r * Examples.ClassCount, Examples.ClassCount));
        }
    }

    [Fact]
    public void A_million_rows_on_eight_threads_score_as_on_one()
    {
        int differences = 0, rowsScored = 0;
        Func<Action<int, float[]>, Action>[] ways = [Predict, PredictBatch, Transform, Engine];
        using var warm = new CountdownEvent(2 * ways.Length);
        using var start = new ManualResetEventSlim();
        Thread[] threads = [.. ways.Concat(ways).Select(way => new Thread(() =>
        {
            Action pass = way(Compare);
            pass();
            warm.Signal();
            start.Wait(Waiting.Limit);
            for (int i = 1; i < Passes; i++)
            {
                pass();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.True(warm.Wait(Waiting.Limit), $"{warm.CurrentCount} threads didn't end their first pass.");
        start.Set();
        Assert.All(threads, thread => Assert.True(thread.Join(Waiting.Limit), "A thread didn't end its passes."));

        Assert.Equal(0, differences);
        Assert.Equal(1_000_000, rowsScored);

        void Compare(int firstRow, float[] scores)
        {
            ReadOnlySpan<float> expected = _expected.AsSpan(firstRow * Examples.ClassCount, scores.Length);
            if (!MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(scores)))
            {
                Interlocked.Increment(ref differences);
            }

            Interlocked.Add(ref rowsScored, scores.Length / Examples.ClassCount);
        }
    }

    [Fact]
    public void Prediction_and_saliency_allocate_nothing_once_a_thread_is_warm()
    {
        TwoLayerNetworkModelParameters model = _transformer.Model;
        float[] features = [.. _rows.SelectMany(row => row.Features)], scores = new float[_expected.Length],
            gradient = new float[Examples.FeatureCount];

        Allocation.AssertNone(() => model.Predict(features.AsSpan(0, Examples.FeatureCount), scores.AsSpan(0, Examples.ClassCount)));
        Allocation.AssertNone(() => model.PredictBatch(features, scores));
        Allocation.AssertNone(() => model.ComputeSaliency(features.AsSpan(0, Examples.FeatureCount), 0, gradient));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cursor_allocates_nothing_for_a_row(bool sparse)
    {
        // Whatever a cursor allocates at its start, ten times the rows must not add a byte of ours; the input's allocations are measured
        // without our transformer.
        IDataView few = Input(100), many = Input(1000);
        Allocation.AssertSame(() => Ours(few), () => Ours(many));

        long Ours(IDataView input) => Allocation.Least(() => Read(_transformer.Transform(input), "Score"))
            - Allocation.Least(() => Read(input, "Features"));

        IDataView Input(int count)
        {
            var schema = SchemaDefinition.Create(typeof(VectorRow));
            schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Examples.FeatureCount);
            return _mlContext.Data.LoadFromEnumerable(_rows.Take(count).Select(row => new VectorRow
            {
                Features = sparse ? new VBuffer<float>(Examples.FeatureCount, 2, [1, row.Features[0]], [0, 3])
                    : new VBuffer<float>(Examples.FeatureCount, row.Features),
            }).ToArray(), schema);
        }
    }

    private static void Read(IDataView view, string name)
    {
        DataViewSchema.Column column = view.Schema[name];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
        }
    }

    private Action Predict(Action<int, float[]> compare)
    {
        float[] scores = new float[Examples.ClassCount];
        return () =>
        {
            for (int r = 0; r < RowCount; r++)
            {
                _transformer.Model.Predict(_rows[r].Features, scores);
                compare(r, scores);
            }
        };
    }

    private Action PredictBatch(Action<int, float[]> compare)
    {
        float[] features = [.. _rows.SelectMany(row => row.Features)], scores = new float[_expected.Length];
        return () =>
        {
            _transformer.Model.PredictBatch(features, scores);
            compare(0, scores);
        };
    }

    private Action Transform(Action<int, float[]> compare)
    {
        IDataView input = Examples.View(_mlContext, _rows);
        return () => compare(0, [.. Examples.Scores(_transformer.Transform(input)).SelectMany(score => score)]);
    }

    private Action Engine(Action<int, float[]> compare)
    {
        PredictionEngine<FeatureRow, ScoreRow> engine = _mlContext.Model.CreatePredictionEngine<FeatureRow, ScoreRow>(_transformer);
        var row = new FeatureRow();
        return () =>
        {
            for (int r = 0; r < RowCount; r++)
            {
                row.Features = _rows[r].Features;
                compare(r, engine.Predict(row).Score);
            }
        };
    }

    private sealed class FeatureRow
    {
        [VectorType(Examples.FeatureCount)]
        public float[] Features { get; set; } = [];
    }

    private sealed class ScoreRow
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class VectorRow
    {
        public VBuffer<float> Features { get; set; }
    }
}
