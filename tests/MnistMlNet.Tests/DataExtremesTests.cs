using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>Data at the limits of what is supported.</summary>
public sealed class DataExtremesTests
{
    private const int Words = 1_000_000;

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void A_million_sparse_inputs_take_memory_for_the_non_zeros_and_the_parameters_only()
    {
        // 300 documents of 20 words: dense they would be 1.2 GB. The class is one of the first words.
        const int Documents = 300;
        var random = new Random(1);
        WordRow[] rows = [.. Enumerable.Range(0, Documents).Select(i =>
        {
            int[] words = [.. Enumerable.Range(0, 19).Select(_ => random.Next(10, Words)).Append(i % 3).Distinct().Order()];
            return new WordRow { Label = (uint)(i % 3),
                Features = new VBuffer<float>(Words, words.Length, [.. words.Select(_ => 1f)], words) };
        })];
        IDataView data = _mlContext.Data.LoadFromEnumerable(rows);
        long before = GC.GetAllocatedBytesForCurrentThread();

        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options =>
            (options.HiddenUnits, options.BatchSize, options.LearningRate, options.NumberOfEpochs) = (4, 100, 0.05f, 6)).Fit(data);

        // 4 units are stored as 16: the parameters and Adam's two moments are 3 · 64 MB, the initial and the public weights 16 MB each,
        // counts and the like 30 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 300_000_000);
        Assert.Equal((Words, Documents), (model.Model.InputCount, model.History.RowsTrained));
        Assert.True(model.History.Epochs[^1].TrainLoss < 0.5 * model.History.Epochs[0].TrainLoss);
    }

    [Fact]
    public void One_input_is_enough()
    {
        IDataView data = View(Enumerable.Range(0, 60).Select(i => ((uint)(i % 2), i % 2 == 0 ? -1f : 1f)), classCount: 2);

        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 60).Fit(data);

        Assert.Equal(1, _mlContext.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10_000)]
    public void Any_number_of_classes_trains_also_where_most_never_occur(int classCount)
    {
        // Rows of the last two classes only.
        IDataView data = View(Enumerable.Range(0, 40).Select(i => ((uint)(classCount - 1 - i % 2), i % 2 == 0 ? -1f : 1f)), classCount);

        TwoLayerNetworkTransformer model = Examples.Trainer(
            _mlContext, options => (options.BalancedClassWeights, options.LearningRate, options.NumberOfEpochs) = (true, 0.05f, 30))
                .Fit(data);

        float[] probabilities = new float[classCount];
        model.Model.Predict([-1], probabilities);
        Assert.Equal(classCount - 1, probabilities.IndexOf(probabilities.Max()));
        Assert.Equal(1, probabilities.Sum(p => (double)p), 1e-4);
        Assert.True(model.History.Epochs[^1].TrainLoss < 0.3 * Math.Log(classCount));     // guessing costs ln C
        Assert.Equal(1, model.History.Epochs[^1].TrainAccuracy);
    }

    [Fact]
    public void One_row_is_learned_and_none_of_it_can_be_held_back()
    {
        IDataView data = View([(1, 0.5f)], classCount: 3);

        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 100).Fit(data);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
            Examples.Trainer(_mlContext, options => options.ValidationFraction = 0.5f).Fit(data));

        Assert.Equal(1, model.History.RowsTrained);
        Assert.True(model.History.Epochs[^1].TrainLoss < model.History.Epochs[0].TrainLoss);
        Assert.StartsWith("ValidationFraction is 0.5; of 1 rows that holds back none of any class.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_classes_with_the_same_name_stay_separate()
    {
        Example[] rows = Examples.Rows(60);
        IDataView keyed = Examples.Keyed(_mlContext, rows);
        IDataView data = new RenamedKeys(keyed, "Label", ["x", "x", "y"]);

        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).Fit(data, data);

        Assert.Equal(["x", "x", "y"], model.Model.ClassNames.ToArray());
        Assert.Equal(Examples.Bits(Examples.Trainer(_mlContext).Fit(keyed).Model), Examples.Bits(model.Model));
    }

    [Fact]
    public void Missing_labels_and_bad_weights_are_skipped_with_every_option_that_counts_rows()
    {
        Example[] good = Examples.Rows(60),
            bad = [.. Examples.Rows(9, seed: 3).Select((row, i) => i % 2 == 0 ? row.With(label: "?") : row.With(weight: -1))];
        void Change(TwoLayerNetworkTrainer.Options options) =>
            (options.BalancedClassWeights, options.ValidationFraction, options.ExampleWeightColumnName) = (true, 0.2f, "Weight");

        TwoLayerNetworkTransformer expected = Examples.Trainer(_mlContext, Change).Fit(Examples.Keyed(_mlContext, good));
        TwoLayerNetworkTransformer actual = Examples.Trainer(_mlContext, Change).Fit(Examples.Keyed(_mlContext, [.. bad, .. good]));

        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(actual.Model));
        Assert.Equal((48, 9), (actual.History.RowsTrained, actual.History.RowsSkipped));
    }

    private IDataView View(IEnumerable<(uint Label, float Feature)> rows, int classCount)
    {
        var schema = SchemaDefinition.Create(typeof(LabelRow<uint>));
        schema["Label"].ColumnType = new KeyDataViewType(typeof(uint), classCount);
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1);
        return _mlContext.Data.LoadFromEnumerable(
            rows.Select(row => new LabelRow<uint> { Label = row.Label, Features = [row.Feature] }).ToArray(), schema);
    }

    private sealed class WordRow
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(Words)]
        public VBuffer<float> Features { get; set; }
    }
}
