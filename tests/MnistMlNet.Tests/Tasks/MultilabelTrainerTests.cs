using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Training;
using Options = MnistMlNet.TwoLayerNetworkMultilabelTrainer.Options;

namespace MnistMlNet.Tests.Tasks;

/// <summary>Several labels of which any number can apply to a row.</summary>
public sealed class MultilabelTrainerTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TaskRow[] _rows = TaskRows.Make(300);
    private readonly TaskRow[] _test = TaskRows.Make(300, seed: 2);

    [Fact]
    public void Defaults_learn_all_labels()
    {
        MultilabelMetrics metrics = Evaluate(Fit(View(_rows)), _test);

        Assert.InRange(metrics.SubsetAccuracy, 0.85, 1);
        Assert.InRange(metrics.MacroF1, 0.9, 1);
        Assert.All(metrics.Labels, label => Assert.InRange(label.F1, 0.85, 1));
    }

    [Fact]
    public void Booleans_train_to_the_bytes_of_numbers()
    {
        IDataView numbers = View(_rows);
        IDataView booleans = _mlContext.Transforms.Conversion.ConvertType("Answers", outputKind: DataKind.Boolean)
            .Fit(numbers).Transform(numbers);

        Assert.Equal(TaskModel.Of(Fit(numbers)).Bits, TaskModel.Of(Fit(booleans)).Bits);
    }

    [Fact]
    public void An_unknown_answer_trains_nothing_and_a_row_of_unknown_answers_is_skipped()
    {
        // Label 1 is known of the rows on one side only; what the others would say doesn't matter, so they may as well be absent.
        TaskRow[] rows = [.. _rows.Select(row => row.With(copy =>
        {
            copy.Answers[1] = copy.Features[2] > 0 ? copy.Answers[1] : float.NaN;
            copy.Answers[2] = float.NaN;
            copy.Answers[0] = float.NaN;
        }))];
        void Plain(Options options) => (options.StandardizeFeatures, options.L2Regularization) = (false, 0.001f);

        TwoLayerNetworkMultilabelTransformer some = Fit(View(rows), Plain);
        TwoLayerNetworkMultilabelTransformer known = Fit(View(rows.Where(row => !float.IsNaN(row.Answers[1]))), Plain);

        int skipped = rows.Count(row => float.IsNaN(row.Answers[1]));
        Assert.Equal((300 - skipped, skipped), (some.History.RowsTrained, some.History.RowsSkipped));
        Assert.Equal(TaskModel.Of(known).Bits, TaskModel.Of(some).Bits);
        Assert.InRange(Evaluate(some, _test).Labels[1].F1, 0.8, 1);
    }

    [Fact]
    public void A_label_is_predicted_from_its_threshold_on()
    {
        TwoLayerNetworkMultilabelTransformer model = Fit(View(_rows));
        IDataView scored = model.Transform(View(_test));

        Assert.Equal([0.5f, 0.5f, 0.5f], model.Model.Thresholds.ToArray());
        Assert.Equal(
            scored.GetColumn<float[]>("Probability").SelectMany(row => row.Select(p => p >= 0.5f)),
            scored.GetColumn<bool[]>("PredictedLabel").SelectMany(row => row));
    }

    [Fact]
    public void Chosen_thresholds_raise_the_F1_score_of_a_rare_label_and_are_saved()
    {
        TaskRow[] rows = [.. TaskRows.Make(600).Select(row => Rare(row))], held = [.. TaskRows.Make(600, seed: 3).Select(row => Rare(row))];
        void Change(Options options) => (options.NumberOfEpochs, options.HiddenUnits, options.ValidationSet) = (20, 2, View(held));
        TwoLayerNetworkMultilabelTransformer plain = Fit(View(rows), Change), chosen = Fit(View(rows), options =>
        {
            Change(options);
            options.ChooseThresholds = true;
        });
        using var stream = new MemoryStream();
        _mlContext.Model.Save(chosen, View(rows).Schema, stream);
        stream.Position = 0;

        var loaded = (TwoLayerNetworkMultilabelTransformer)_mlContext.Model.Load(stream, out _);

        Assert.Equal(TaskModel.Of(plain).Bits, TaskModel.Of(chosen).Bits);
        double before = Evaluate(plain, held).Labels[1].F1, after = Evaluate(chosen, held).Labels[1].F1;
        Assert.True(after > before + 0.02, $"F1 is {after}, and {before} with thresholds of 0.5.");
        Assert.All(
            Evaluate(plain, held).Labels.Zip(Evaluate(chosen, held).Labels),
            pair => Assert.True(pair.Second.F1 >= pair.First.F1 - 1e-12));
        Assert.Equal(chosen.Model.Thresholds.ToArray(), loaded.Model.Thresholds.ToArray());
        Assert.Equal(
            chosen.Transform(View(held)).GetColumn<bool[]>("PredictedLabel"),
            loaded.Transform(View(held)).GetColumn<bool[]>("PredictedLabel"));

        static TaskRow Rare(TaskRow row) =>
            row.With(copy => copy.Answers[1] = copy.Features[0] > 0.5f && copy.Number % 0.1f < 0.03f ? 1 : 0);
    }

    [Fact]
    public void Thresholds_can_be_chosen_on_held_back_rows_and_on_rows_given_to_Fit()
    {
        TwoLayerNetworkMultilabelTransformer held = Fit(View(_rows), options =>
            (options.ChooseThresholds, options.ValidationFraction) = (true, 0.3f));
        TwoLayerNetworkMultilabelTransformer given =
            _mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel(
                new Options { LabelColumnName = "Answers", ChooseThresholds = true, Seed = 1 }).Fit(View(_rows), View(_test));

        Assert.All((TwoLayerNetworkMultilabelTransformer[])[held, given], model =>
            Assert.All(model.Model.Thresholds, threshold => Assert.InRange(threshold, 0.01, 0.99)));
        Assert.NotEqual(0.5f, given.Model.Thresholds[0]);
    }

    [Theory]
    [InlineData(new[] { 0.9f, 0.8f, 0.4f, 0.1f }, new[] { 1f, 1, 0, 0 }, 0.6f)]                       // between the two kinds
    [InlineData(new[] { 0.9f, 0.3f, 0.2f, 0.1f }, new[] { 1f, 1, 0, 0 }, 0.25f)]
    [InlineData(new[] { 0.1f, 0.2f, 0.3f, 0.9f }, new[] { 0f, 0, 1, 1 }, 0.25f)]                      // in any order
    [InlineData(new[] { 0.9f, 0.8f, 0.7f, 0.1f }, new[] { 1f, 0, 1, 0 }, 0.4f)]                       // F1: 2/3, 1/2, 4/5, 2/3
    [InlineData(new[] { 0.9f, 0.6f, 0.6f, 0.1f }, new[] { 1f, 1, 0, 0 }, 0.35f)]                      // equal ones aren't separated
    [InlineData(new[] { 0.9f, 0.8f, 0.4f, 0.1f }, new[] { 1f, float.NaN, 0, 0 }, 0.65f)]              // unknown doesn't count
    [InlineData(new[] { 0.9f, float.NaN, 0.4f, 0.1f }, new[] { 1f, 1, 0, 0 }, 0.65f)]
    [InlineData(new[] { 0.9f, 0.8f }, new[] { 0f, 0 }, 0.5f)]                                         // none applies: nothing to choose by
    [InlineData(new[] { 0.9f, 0.8f }, new[] { 1f, 1 }, 0.4f)]                                         // all apply
    public void ThresholdSearch_FindsTheHighestF1(float[] probabilities, float[] answers, float expected) =>
        Assert.Equal(expected, ThresholdSearch.Choose([.. probabilities.Zip(answers)]), 1e-6f);

    [Fact]
    public void ThresholdSearch_NeighbouringFloats_StaySeparated()
    {
        // Their midpoint isn't a float and is rounded to one of the two.
        for (float low = 0.3f; low < 0.3001f; low = MathF.BitIncrement(low))
        {
            float high = MathF.BitIncrement(low), threshold = ThresholdSearch.Choose([(high, 1), (low, 0)]);

            Assert.True(threshold <= high && threshold > low, $"{threshold:R} separates {low:R} from {high:R}");
        }
    }

    [Fact]
    public void Slot_names_of_the_label_are_those_of_both_columns()
    {
        IDataView data = _mlContext.Transforms.Concatenate("Both", "A", "B").Fit(Named()).Transform(Named());

        TwoLayerNetworkMultilabelTransformer model = Fit(data, options => options.LabelColumnName = "Both");

        Assert.Equal(["A", "B"], model.Model.LabelNames.ToArray());
        foreach (string column in (string[])["Probability", "PredictedLabel"])
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            model.GetOutputSchema(data.Schema)[column].GetSlotNames(ref names);
            Assert.Equal(["A", "B"], names.DenseValues().Select(name => name.ToString()));
        }

        IDataView Named() => _mlContext.Data.LoadFromEnumerable(
            _rows.Select(row => new NamedRow { Features = row.Features, A = row.Answers[0], B = row.Answers[1] }));
    }

    private IDataView View(IEnumerable<TaskRow> rows) => TaskRows.View(_mlContext, rows);

    private TwoLayerNetworkMultilabelTransformer Fit(IDataView data, Action<Options>? change = null)
    {
        var options = new Options { LabelColumnName = "Answers", HiddenUnits = 8, Seed = 1, NumberOfThreads = 1 };
        change?.Invoke(options);
        return _mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel(options).Fit(data);
    }

    private MultilabelMetrics Evaluate(ITransformer model, IEnumerable<TaskRow> rows) =>
        _mlContext.MulticlassClassification.EvaluateMultilabel(model.Transform(View(rows)), "Answers");

    private sealed class NamedRow
    {
        [VectorType(TaskRows.FeatureCount)]
        public float[] Features { get; set; } = [];

        public float A { get; set; }

        public float B { get; set; }
    }
}
