using Microsoft.ML;
using MnistMlNet.Tests.Network;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>The effect of the options on the results of the public API.</summary>
public class FitTests
{
    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_one_two_and_three_threads()
    {
        TwoLayerNetworkModelParameters expected = Fit(new Options { Seed = 5, NumberOfThreads = 1 });
        foreach (int threads in (int[])[1, 2, 3])
        {
            TwoLayerNetworkModelParameters actual = Fit(new Options { Seed = 5, NumberOfThreads = threads, WorkerCounts = AllWorkers.Of });

            Check.SameBits(expected.Network.All, actual.Network.All, $"{threads} threads");
        }
    }

    [Fact]
    public void Without_a_seed_of_its_own_the_trainer_takes_it_from_the_context()
    {
        float[] one = FlatParameters.Of(Fit(new Options(), contextSeed: 1).Network);

        Assert.Equal(one, FlatParameters.Of(Fit(new Options(), contextSeed: 1).Network));
        Assert.NotEqual(one, FlatParameters.Of(Fit(new Options(), contextSeed: 2).Network));
        Assert.NotEqual(FlatParameters.Of(Fit(new Options { Seed = 1 }).Network), FlatParameters.Of(Fit(new Options { Seed = 2 }).Network));
    }

    [Fact]
    public void Only_the_ratios_of_weights_count()
    {
        SampleRows rows = Rows() with { Weights = [.. Enumerable.Range(0, 60).Select(r => 1f + r % 3)] };
        SampleRows fourfold = rows with { Weights = [.. rows.Weights.Select(w => 4 * w)] };
        var options = new Options { Seed = 1, ExampleWeightColumnName = "Weight" };

        float[] weighted = FlatParameters.Of(Fit(options, rows: rows).Network);

        // by a power of two: the quotients are the same floats
        Assert.Equal(weighted, FlatParameters.Of(Fit(options, rows: fourfold).Network));
        Assert.NotEqual(weighted, FlatParameters.Of(Fit(new Options { Seed = 1 }, rows: rows).Network));
    }

    [Fact]
    public void Diverging_training_is_refused_with_epoch_batch_and_learning_rate()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(
            () => Fit(new Options { Seed = 1, LearningRate = 1e30f, LearningRateSchedule = LearningRateSchedule.Constant }));

        Assert.Matches(@"^Training diverged: .* in epoch \d+, batch \d+, at the learning rate 1E\+30\. Lower Options\.LearningRate",
            e.Message);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(255)]
    public void Raw_features_train_as_scaled_ones_and_the_model_is_for_raw_rows(int range)
    {
        // Each feature's largest value is 1, so raw features divided by their largest magnitude are the scaled ones: bit-exact where the
        // range is a power of two.
        SampleRows scaled = Rows();
        SampleRows raw = scaled with { Features = [.. scaled.Features.Select(x => x * range)] };
        var options = new Options { Seed = 1, NumberOfEpochs = 60 };
        TwoLayerNetworkModelParameters onScaled = Fit(options, rows: scaled), onRaw = Fit(options, rows: raw);
        float[] expected = new float[60 * 3], actual = new float[60 * 3];

        onScaled.PredictBatch(scaled.Features, expected);
        onRaw.PredictBatch(raw.Features, actual);

        // 255 isn't a power of two: features and weights are rounded by 2⁻²⁴, and 480 steps of Adam propagate that; measured: 1.2e-7.
        Check.Close(Array.ConvertAll(expected, p => (double)p), actual, range == 256 ? 0 : 1e-5, "probabilities");
        Check.Close(
            [.. onScaled.HiddenWeights.ToArray().Select(w => (double)w / range)], onRaw.HiddenWeights.Span, range == 256 ? 0 : 1e-6,
                "folded weights");
        Assert.Equal(scaled.Labels, Enumerable.Range(0, 60).Select(r => actual.AsSpan(r * 3, 3).IndexOf(actual.Skip(r * 3).Take(3).Max())));
    }

    [Fact]
    public void Training_an_initial_model_on_raw_features_starts_from_what_that_model_predicts()
    {
        // A learning rate that changes no float leaves the model as it was: scaling by powers of two and back is exact.
        SampleRows scaled = Rows();
        SampleRows raw = scaled with { Features = [.. scaled.Features.Select(x => x * 256)] };
        TwoLayerNetworkModelParameters initial = Fit(new Options { Seed = 1, NumberOfEpochs = 2 }, rows: raw);
        var options = new Options { Seed = 1, NumberOfEpochs = 1, Optimizer = Optimizer.GradientDescent, LearningRate = 1e-30f };

        Check.SameBits(initial.Network.All, Fit(options, rows: raw, initialModel: initial).Network.All, "parameters");
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_all_of_it_and_the_history_has_the_chosen_size()
    {
        var context = new MLContext(seed: 1);
        TwoLayerNetworkTransformer Train(int? batchSize) => context.MulticlassClassification.Trainers.TwoLayerNetwork(
            new Options { Seed = 1, BatchSize = batchSize }).Fit(TableData.View(context, Rows(), 3));

        Assert.Equal(60, Train(1000).History.BatchSize);
        Assert.Equal(60, Train(0).History.BatchSize);
        Assert.Equal(8, Train(null).History.BatchSize);
        Assert.Equal(400, Train(null).History.Epochs.Count);                   // 60,000 / 60 = 1,000, but at most 400
        Assert.Equal(60, Train(null).History.RowsTrained);
        Check.SameBits(Train(0).Model.Network.All, Train(1000).Model.Network.All, "parameters");
    }

    private static TwoLayerNetworkModelParameters Fit(
        Options options, int contextSeed = 1, SampleRows? rows = null, TwoLayerNetworkModelParameters? initialModel = null)
    {
        var context = new MLContext(contextSeed);
        return context.MulticlassClassification.Trainers.TwoLayerNetwork(options)
            .Fit(TableData.View(context, rows ?? Rows(), classCount: 3), initialModel: initialModel).Model;
    }

    /// <summary>
    /// 60 rows of 12 features within 0 … 1; each class has large values in its own third of them. The largest value of each feature is
    /// exactly 1.
    /// </summary>
    private static SampleRows Rows()
    {
        SampleRows rows = SampleRows.Random(seed: 31, rowCount: 60, inputCount: 12, classCount: 3, density: 1);
        for (int n = 0; n < rows.Features.Length; n++)
        {
            (int row, int input) = Math.DivRem(n, 12);
            bool lit = input / 4 == rows.Labels[row];
            rows.Features[n] = lit ? 0.5f + 0.5f * Math.Abs(rows.Features[n]) : rows.Features[n] > 0.5f ? 0.25f * rows.Features[n] : 0;
        }

        for (int input = 0; input < 12; input++)
        {
            int row = Array.IndexOf(rows.Labels, input / 4);
            rows.Features[row * 12 + input] = 1;
        }

        return rows;
    }
}
