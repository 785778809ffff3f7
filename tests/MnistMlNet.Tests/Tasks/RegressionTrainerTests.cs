using Microsoft.ML;
using Microsoft.ML.Data;
using Options = MnistMlNet.TwoLayerNetworkRegressionTrainer.Options;

namespace MnistMlNet.Tests.Tasks;

/// <summary>What a network for numbers learns. Rows and their true values come from formulas.</summary>
public sealed class RegressionTrainerTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TaskRow[] _rows = TaskRows.Make(300);
    private readonly TaskRow[] _test = TaskRows.Make(300, seed: 2);

    public static TheoryData<RegressionLoss> Losses => [.. Enum.GetValues<RegressionLoss>()];

    public static TheoryData<RegressionLoss, bool> ConstantTargets
    {
        get
        {
            var cases = new TheoryData<RegressionLoss, bool>();
            foreach (RegressionLoss loss in Enum.GetValues<RegressionLoss>())
            {
                cases.Add(loss, true);
                cases.Add(loss, false);
            }

            return cases;
        }
    }

    [Fact]
    public void Defaults_learn_a_curve_that_a_line_cannot()
    {
        TwoLayerNetworkRegressionTransformer model = Fit(_rows);

        RegressionMetrics ours = Evaluate(model, _test);
        RegressionMetrics line = Evaluate(_mlContext.Regression.Trainers.Sdca(nameof(TaskRow.Number)).Fit(View(_rows)), _test);
        Assert.InRange(ours.RSquared, 0.98, 1);                                // the noise alone leaves 0.995
        Assert.InRange(line.RSquared, -1, 0.9);
        Assert.Equal(300, model.History.RowsTrained);
    }

    [Theory]
    [InlineData(RegressionLoss.Squared)]
    [InlineData(RegressionLoss.Huber)]
    [InlineData(RegressionLoss.Quantile)]
    public void A_label_in_the_millions_trains_as_one_in_units_does(RegressionLoss loss)
    {
        const double Unit = 1e6, Offset = 5e6;
        void Change(Options options) => (options.Loss, options.NumberOfEpochs, options.Seed) = (loss, 30, 1);
        float[] expected = Scores(Fit(_rows, Change), _test);

        float[] large = Scores(Fit(Scaled(Unit, Offset), Change), _test), tiny = Scores(Fit(Scaled(1e-9, 0), Change), _test);

        // A float of 5e6 has a resolution of 0.5, so these targets differ from the scaled ones by 1e-6 of their range.
        double range = expected.Max() - expected.Min();
        for (int i = 0; i < expected.Length; i++)
        {
            Check.Close(expected[i], (large[i] - Offset) / Unit, 1e-3 * range, $"score {i} of a label in the millions");
            Check.Close(expected[i], tiny[i] / 1e-9, 1e-3 * range, $"score {i} of a tiny label");
        }

        TaskRow[] Scaled(double unit, double offset) =>
            [.. _rows.Select(row => row.With(copy => copy.Number = (float)(unit * row.Number + offset)))];
    }

    [Theory]
    [MemberData(nameof(ConstantTargets))]
    public void Constant_targets_are_predicted(RegressionLoss loss, bool standardize)
    {
        const float Constant = 3;
        TaskRow[] rows = [.. _rows[..100].Select(row => row.With(copy => (copy.Number, copy.Numbers[1]) = (Constant, Constant)))];
        void Change(Options options) => (options.Loss, options.StandardizeTargets, options.NumberOfEpochs, options.Optimizer) =
            (loss, standardize, 300, Optimizer.Adam);

        TwoLayerNetworkRegressionTransformer model = Fit(rows, Change);

        Assert.All(Scores(model, rows), score => Assert.Equal(Constant, score, 0.15));
        Assert.All(model.History.Epochs, epoch => Assert.True(epoch.TrainRSquared is double.NaN));
    }

    [Fact]
    public void One_constant_output_among_others_is_predicted()
    {
        TaskRow[] rows = [.. _rows.Select(row => row.With(copy => copy.Numbers[1] = 7e8f))];

        TwoLayerNetworkRegressionTransformer model = Fit(rows, options => options.LabelColumnName = nameof(TaskRow.Numbers));

        float[][] scores = [.. model.Transform(View(rows)).GetColumn<float[]>("Score")];
        Assert.All(scores, row => Assert.Equal(7e8, row[1], 1e2));
        Assert.True(RSquared(scores, rows, 0) > 0.98);
    }

    [Fact]
    public void Many_outputs_of_different_units_are_learned_together()
    {
        TwoLayerNetworkRegressionTransformer model = Fit(_rows, options => options.LabelColumnName = nameof(TaskRow.Numbers));

        float[][] scores = [.. model.Transform(View(_test)).GetColumn<float[]>("Score")];
        Assert.True(RSquared(scores, _test, 0) > 0.97, "in units");
        Assert.True(RSquared(scores, _test, 1) > 0.97, "in thousands");
        Assert.True(RSquared(scores, _test, 2) > 0.9, "in hundredths");
    }

    [Fact]
    public void Poisson_scores_are_the_rates()
    {
        TaskRow[] rows = TaskRows.Make(1500);
        TwoLayerNetworkRegressionTransformer model = Fit(rows, options =>
            (options.LabelColumnName, options.Loss) = (nameof(TaskRow.Count), RegressionLoss.Poisson));

        float[] scores = Scores(model, _test);

        double[] rates = [.. _test.Select(row => TaskRows.Rate(row.Features))];
        double error = Math.Sqrt(scores.Zip(rates, (score, rate) => Math.Pow(Math.Log(score / rate), 2)).Average());
        Assert.True(error < 0.12, $"The scores are off by {error:P1} of the rates.");  // 1500 counts of about 3
        Assert.Equal(rows.Average(row => row.Count), Scores(model, rows).Average(), 0.05);
        Assert.True(model.Model.IsExponential);
    }

    [Theory]
    [InlineData(0.9f)]
    [InlineData(0.2f)]
    public void A_quantile_lies_above_that_part_of_the_rows(float quantile)
    {
        var random = new Random(5);
        TaskRow[] rows = [.. TaskRows.Make(1000).Select(row => row.With(copy =>
            copy.Number += (1 + copy.Features[0]) * random.NextSingle()))];

        TwoLayerNetworkRegressionTransformer model = Fit(rows, options =>
            (options.Loss, options.Quantile, options.NumberOfEpochs) = (RegressionLoss.Quantile, quantile, 60));

        double below = Scores(model, rows).Zip(rows, (score, row) => row.Number < score ? 1.0 : 0).Average();
        Assert.InRange(below, quantile - 0.04, quantile + 0.04);
    }

    [Theory]
    [InlineData(RegressionLoss.Huber)]
    [InlineData(RegressionLoss.Absolute)]
    public void A_robust_loss_ignores_outliers(RegressionLoss robust)
    {
        TaskRow[] rows = [.. _rows.Select((row, i) => row.With(copy => copy.Number = i % 30 == 0 ? 1000 : copy.Number))];

        double clean = Evaluate(Fit(rows, options => options.Loss = robust), _test).RSquared;
        double squared = Evaluate(Fit(rows), _test).RSquared;

        Assert.InRange(clean, 0.9, 1);
        Assert.InRange(squared, double.NegativeInfinity, 0);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Every_loss_and_optimizer_lowers_the_error(RegressionLoss loss)
    {
        TaskRow[] rows = [.. _rows.Select(row => row.With(copy => copy.Number += 2))];
        foreach (Optimizer optimizer in Enum.GetValues<Optimizer>())
        {
            RegressionMetrics metrics = Evaluate(
                Fit(rows, options => (options.Loss, options.Optimizer, options.NumberOfEpochs) = (loss, optimizer, 60)), rows);

            Assert.True(metrics.RSquared > 0.75, $"{loss}, {optimizer}: R² is {metrics.RSquared}");
        }
    }

    [Theory]
    [InlineData(nameof(TaskRow.Number), RegressionLoss.Squared)]
    [InlineData(nameof(TaskRow.Number), RegressionLoss.Huber)]
    [InlineData(nameof(TaskRow.Count), RegressionLoss.Poisson)]
    public void The_last_epoch_of_Lbfgs_has_the_measures_of_ML_NET_s_evaluation(string label, RegressionLoss loss)
    {
        TwoLayerNetworkRegressionTransformer model = Fit(_rows, options =>
            (options.LabelColumnName, options.Loss, options.Optimizer, options.NumberOfEpochs) = (label, loss, Optimizer.Lbfgs, 20));

        RegressionMetrics metrics = _mlContext.Regression.Evaluate(model.Transform(View(_rows)), label);

        TrainingEpoch last = model.History.Epochs[^1];
        Assert.Equal(metrics.RootMeanSquaredError, last.TrainRootMeanSquaredError!.Value, 1e-5);
        Assert.Equal(metrics.RSquared, last.TrainRSquared!.Value, 1e-5);
        Assert.True(double.IsNaN(last.TrainAccuracy));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Columns_and_annotations_are_those_of_LbfgsPoissonRegression(bool hasScoreAlready)
    {
        IDataView data = View(_rows[..30]);
        data = hasScoreAlready ? _mlContext.Transforms.CopyColumns("Score", "Weight").Fit(data).Transform(data) : data;
        var theirs = _mlContext.Regression.Trainers.LbfgsPoissonRegression(nameof(TaskRow.Count));
        var ours = (TwoLayerNetworkRegressionTrainer)TaskTraining.Trainer(_mlContext, TaskTraining.Options(TaskTraining.Number));

        string[] expected = SchemaText.Lines(theirs.Fit(data).GetOutputSchema(data.Schema));
        Assert.Equal(expected, SchemaText.Lines(ours.Fit(data).GetOutputSchema(data.Schema)));
        Assert.Equal(
            SchemaText.Lines(theirs.GetOutputSchema(SchemaText.Shape(data.Schema))),
            SchemaText.Lines(ours.GetOutputSchema(SchemaText.Shape(data.Schema))));
    }

    [Fact]
    public void A_vector_label_s_slot_names_are_those_of_the_scores_also_after_loading()
    {
        IDataView data = _mlContext.Transforms.Concatenate("Both", nameof(TaskRow.Number), nameof(TaskRow.Count))
            .Fit(View(_rows)).Transform(View(_rows));
        TwoLayerNetworkRegressionTransformer model = Fit(data, options => options.LabelColumnName = "Both");
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, data.Schema, stream);
        stream.Position = 0;

        foreach (ITransformer transformer in (ITransformer[])[model, _mlContext.Model.Load(stream, out _)])
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            transformer.GetOutputSchema(data.Schema)["Score"].GetSlotNames(ref names);
            Assert.Equal([nameof(TaskRow.Number), nameof(TaskRow.Count)], names.DenseValues().Select(name => name.ToString()));
        }

        Assert.Equal([nameof(TaskRow.Number), nameof(TaskRow.Count)], model.Model.OutputNames.ToArray());
    }

    [Fact]
    public void A_vector_label_of_one_slot_gives_a_vector_of_one_score()
    {
        IDataView data = _mlContext.Transforms.Concatenate("One", nameof(TaskRow.Number)).Fit(View(_rows)).Transform(View(_rows));

        ITransformer vector = Fit(data, options => options.LabelColumnName = "One"), scalar = Fit(_rows);

        Assert.Equal(
            scalar.Transform(data).GetColumn<float>("Score"),
            vector.Transform(data).GetColumn<float[]>("Score").Select(row => row.Single()));
    }

    [Fact]
    public void Permutation_importance_finds_the_feature_that_counts()
    {
        TwoLayerNetworkRegressionTransformer model = Fit(_rows);

        var importance = _mlContext.Regression.PermutationFeatureImportance(model, View(_rows), nameof(TaskRow.Number));

        Assert.InRange(importance[0].RSquared.Mean, -3, -0.5);
        Assert.InRange(importance[2].RSquared.Mean, -0.05, 0.05);
        Assert.Equal(0, importance[3].RSquared.Mean, 1e-6);                    // constant
    }

    [Fact]
    public void CrossValidate_and_the_prediction_engine_accept_the_trainer_and_its_model()
    {
        var folds = _mlContext.Regression.CrossValidate(
            View(_rows), TaskTraining.Trainer(_mlContext, new Options { LabelColumnName = nameof(TaskRow.Number), Seed = 1 }),
            numberOfFolds: 3, labelColumnName: nameof(TaskRow.Number));
        TwoLayerNetworkRegressionTransformer model = Fit(_rows);
        using var engine = _mlContext.Model.CreatePredictionEngine<TaskRow, NumberPrediction>(model);

        Assert.All(folds, fold => Assert.InRange(fold.Metrics.RSquared, 0.95, 1));
        Assert.Equal(Scores(model, _test[..20]), _test[..20].Select(row => engine.Predict(row).Score));
    }

    private static double RSquared(float[][] scores, TaskRow[] rows, int output)
    {
        double[] targets = [.. rows.Select(row => (double)row.Numbers[output])];
        double mean = targets.Average();
        return 1 - scores.Zip(targets, (score, y) => Math.Pow(score[output] - y, 2)).Sum() / targets.Sum(y => Math.Pow(y - mean, 2));
    }

    private IDataView View(IEnumerable<TaskRow> rows) => TaskRows.View(_mlContext, rows);

    private TwoLayerNetworkRegressionTransformer Fit(TaskRow[] rows, Action<Options>? change = null) => Fit(View(rows), change);

    private TwoLayerNetworkRegressionTransformer Fit(IDataView data, Action<Options>? change = null)
    {
        var options = new Options { LabelColumnName = nameof(TaskRow.Number), HiddenUnits = 10, Seed = 1, NumberOfThreads = 1 };
        change?.Invoke(options);
        return _mlContext.Regression.Trainers.TwoLayerNetwork(options).Fit(data);
    }

    private float[] Scores(ITransformer model, IEnumerable<TaskRow> rows) => [.. model.Transform(View(rows)).GetColumn<float>("Score")];

    private RegressionMetrics Evaluate(ITransformer model, TaskRow[] rows) =>
        _mlContext.Regression.Evaluate(model.Transform(View(rows)), nameof(TaskRow.Number));

    private sealed class NumberPrediction
    {
        public float Score { get; set; }
    }
}
