using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Tasks;

/// <summary>Models, validation rows and options that don't fit the task or the data: each is refused, and the message says why.</summary>
public sealed class TaskMismatchTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TaskRow[] _rows = TaskRows.Make(40);

    [Theory]
    [InlineData(TaskTraining.Numbers)]
    [InlineData(TaskTraining.Labels)]
    public void Another_number_of_outputs_is_refused_where_a_model_or_a_data_set_has_them(string task)
    {
        TaskModel model = Fit(task, View(_rows));
        IDataView two = _mlContext.Data.LoadFromEnumerable(
            _rows.Select(row => new PairLabelRow { Features = row.Features, Numbers = row.Numbers[..2], Answers = row.Answers[..2] }));

        Assert.Equal(
            "moreData has 4 features and 2 label values; model has 4 and 3.", WithoutParameter(Assert.Throws<ArgumentException>(
                "moreData", () => TaskTraining.ContinueFit(_mlContext, TaskTraining.Options(task), model, two))));
        Assert.Equal(
            "validationData has 4 features and 2 label values; the training data has 4 and 3.", WithoutParameter(
                Assert.Throws<ArgumentException>(
                    "validationData", () => TaskTraining.Fit(_mlContext, TaskTraining.Options(task), View(_rows), two))));
        Assert.Equal(
            "ValidationSet has 4 features and 2 label values; the training data has 4 and 3.", WithoutParameter(
                Assert.Throws<ArgumentException>(
                    "ValidationSet", () => Fit(task, View(_rows), options => options.ValidationSet = two))));
        Assert.StartsWith(
            "initialModel has 4 inputs, 6 hidden units, 3 outputs and Relu; this training has 4, 6, 2 and Relu.",
            Assert.Throws<ArgumentException>(
                "initialModel", () => TaskTraining.Fit(_mlContext, TaskTraining.Options(task), two, initial: model.Model)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Label_slots_in_another_order_are_refused_by_name()
    {
        TaskModel model = Fit(TaskTraining.Numbers, Slots("Number", "Count"), options => options.LabelColumnName = "Slots");
        void Slotted(TwoLayerNetworkOptions options) => options.LabelColumnName = "Slots";

        string more = WithoutParameter(Assert.Throws<ArgumentException>("moreData", () => TaskTraining.ContinueFit(
            _mlContext, TaskTraining.Options(TaskTraining.Numbers, Slotted), model, Slots("Count", "Number"))));
        string validation = WithoutParameter(Assert.Throws<ArgumentException>("validationData", () => TaskTraining.Fit(
            _mlContext, TaskTraining.Options(TaskTraining.Numbers, Slotted), Slots("Number", "Count"), Slots("Number", "Weight"))));

        Assert.Equal(
            "moreData has 'Count' in slot 0 of the label, where model has 'Number'. Bring the slots into the same order.", more);
        Assert.Equal(
            "validationData has 'Weight' in slot 1 of the label, where the training data has 'Count'. Bring the slots into the same order.",
            validation);
        TaskModel continued = TaskTraining.ContinueFit(
            _mlContext, TaskTraining.Options(TaskTraining.Numbers, Slotted), model, Slots("Number", "Count"));
        Assert.Equal(["Number", "Count"], ((TwoLayerNetworkRegressionModelParameters)continued.Model).OutputNames.ToArray());

        IDataView Slots(params string[] columns) =>
            _mlContext.Transforms.Concatenate("Slots", columns).Fit(View(_rows)).Transform(View(_rows));
    }

    [Fact]
    public void A_model_of_counts_is_refused_where_numbers_are_trained_and_the_other_way_round()
    {
        TaskModel counts = Fit(TaskTraining.Counts, View(_rows)), numbers = Fit(TaskTraining.Number, View(_rows));

        Assert.Equal(
            "initialModel gives the exponential of its output; with Options.Loss = Squared the network gives its output itself. Only with "
                + "RegressionLoss.Poisson it is the exponential.",
            WithoutParameter(Assert.Throws<ArgumentException>("initialModel", () => TaskTraining.Fit(
                _mlContext, TaskTraining.Options(TaskTraining.Number), View(_rows), initial: counts.Model))));
        Assert.Contains(
            "model gives its output itself; with Options.Loss = Poisson", Assert.Throws<ArgumentException>("model", () =>
                TaskTraining.ContinueFit(_mlContext, TaskTraining.Options(TaskTraining.Counts), numbers, View(_rows))).Message,
            StringComparison.Ordinal);

        // The loss may change where the network's function stays.
        TaskTraining.Fit(_mlContext, new TwoLayerNetworkRegressionTrainer.Options
        {
            LabelColumnName = "Number",
            HiddenUnits = 6,
            NumberOfEpochs = 1,
            Loss = RegressionLoss.Huber,
        }, View(_rows), initial: numbers.Model);
    }

    [Fact]
    public void A_scalar_model_stays_one_where_more_data_has_a_vector_of_one_number()
    {
        TaskModel model = Fit(TaskTraining.Number, View(_rows));
        IDataView one = _mlContext.Transforms.Concatenate("One", "Number").Fit(View(_rows)).Transform(View(_rows));

        TaskModel more = TaskTraining.ContinueFit(
            _mlContext, TaskTraining.Options(TaskTraining.Number, options => options.LabelColumnName = "One"), model, one);

        Assert.Equal(NumberDataViewType.Single, more.Transformer.GetOutputSchema(one.Schema)["Score"].Type);
    }

    [Fact]
    public void Options_that_would_have_no_effect_are_refused()
    {
        AssertRegression("HuberDelta is 2; it must be null with RegressionLoss.Squared; it belongs to RegressionLoss.Huber.", options =>
            options.HuberDelta = 2);
        AssertRegression("Quantile is 0.9; it must be null with RegressionLoss.Huber; it belongs to RegressionLoss.Quantile.", options =>
            (options.Loss, options.Quantile) = (RegressionLoss.Huber, 0.9f));
        AssertRegression("Quantile is 1; it must be above 0 and less than 1, or null for 0.5.", options =>
            (options.Loss, options.Quantile) = (RegressionLoss.Quantile, 1));
        AssertRegression("HuberDelta is 0; it must be a finite number above 0, or null for 1.35.", options =>
            (options.Loss, options.HuberDelta) = (RegressionLoss.Huber, 0));
        AssertRegression("Loss is 99; it must be one of Squared, Absolute, Huber, Poisson, Quantile.", options =>
            options.Loss = (RegressionLoss)99);
        AssertRegression("EarlyStoppingMetric is Accuracy; it must be Loss for a regression, which has no accuracy.", options =>
            options.EarlyStoppingMetric = EarlyStoppingMetric.Accuracy);
        AssertBinary("BalancedClassWeights is True; it must be false where PositiveClassWeight is given.", options =>
            (options.BalancedClassWeights, options.PositiveClassWeight) = (true, 2));
        AssertBinary("PositiveClassWeight is 0; it must be a finite number above 0, or null for 1.", options =>
            options.PositiveClassWeight = 0);
        AssertBinary("LabelSmoothing is 1; it must be 0 or above and less than 1.", options => options.LabelSmoothing = 1);

        void AssertRegression(string expected, Action<TwoLayerNetworkRegressionTrainer.Options> change)
        {
            var options = new TwoLayerNetworkRegressionTrainer.Options();
            change(options);
            AssertRefused(expected, options);
        }

        void AssertBinary(string expected, Action<TwoLayerNetworkBinaryTrainer.Options> change)
        {
            var options = new TwoLayerNetworkBinaryTrainer.Options();
            change(options);
            AssertRefused(expected, options);
        }
    }

    [Fact]
    public void Thresholds_without_validation_rows_are_refused()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Fit(
            TaskTraining.Labels, View(_rows), options => ((TwoLayerNetworkMultilabelTrainer.Options)options).ChooseThresholds = true));

        Assert.StartsWith("ChooseThresholds is true, and there are no validation rows to choose by.", error.Message,
            StringComparison.Ordinal);
    }

    private static string WithoutParameter(ArgumentException error) =>
        error.Message[..error.Message.LastIndexOf(" (Parameter", StringComparison.Ordinal)];

    private void AssertRefused(string expected, TwoLayerNetworkOptions options) => Assert.StartsWith(
        expected, Assert.ThrowsAny<ArgumentException>(() => TaskTraining.Trainer(_mlContext, options)).Message, StringComparison.Ordinal);

    private IDataView View(IEnumerable<TaskRow> rows) => TaskRows.View(_mlContext, rows);

    private TaskModel Fit(string task, IDataView data, Action<TwoLayerNetworkOptions>? change = null) =>
        TaskTraining.Fit(_mlContext, TaskTraining.Options(task, change), data);

    private sealed class PairLabelRow
    {
        [VectorType(TaskRows.FeatureCount)]
        public float[] Features { get; set; } = [];

        [VectorType(2)]
        public float[] Numbers { get; set; } = [];

        [VectorType(2)]
        public float[] Answers { get; set; } = [];
    }
}
