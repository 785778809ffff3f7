using Microsoft.ML;

namespace MnistMlNet.Tests;

public sealed class InitialModelTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;
    private readonly TwoLayerNetworkModelParameters _initial;

    public InitialModelTests()
    {
        _data = Examples.Keyed(_mlContext, Examples.Rows(60));
        _initial = Examples.Trainer(_mlContext, options => options.Seed = 99).Fit(_data).Model;
    }

    [Fact]
    public void One_epoch_at_a_tiny_rate_stays_near_the_initial_model_which_is_not_changed()
    {
        int[] before = Examples.Bits(_initial);

        TwoLayerNetworkModelParameters model = Examples.Trainer(_mlContext, options =>
        {
            options.NumberOfEpochs = 1;
            options.BatchSize = 60;
            options.Optimizer = Optimizer.GradientDescent;
            options.LearningRate = 1e-3f;
        }).Fit(_data, initialModel: _initial).Model;

        // One step of 1e-3 times a gradient whose entries are means of (p - y) · input, below 3 here.
        float[] expected = Examples.Parameters(_initial), actual = Examples.Parameters(model);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 3e-3f));
        Assert.NotEqual(before, Examples.Bits(model));
        Assert.Equal(before, Examples.Bits(_initial));
    }

    [Fact]
    public void Training_goes_on_from_the_loss_that_the_initial_model_has()
    {
        double loss = _mlContext.MulticlassClassification.Evaluate(
            Examples.Trainer(_mlContext, options => options.Seed = 99).Fit(_data).Transform(_data)).LogLoss;

        // One batch of all rows: the loss of the first epoch is that of the initial parameters.
        double first = Examples.Trainer(_mlContext, options => options.BatchSize = 0).Fit(_data, initialModel: _initial).History.Epochs[0]
            .TrainLoss;

        // Two float computations of the same probabilities.
        Assert.Equal(loss, first, 1e-5);
    }

    [Fact]
    public void Training_goes_on_on_features_that_are_scaled_while_training()
    {
        Example[] rows = [.. Examples.Rows(60).Select(row => row.With(features: [.. row.Features.Select(feature => feature * 100)]))];
        IDataView data = Examples.Keyed(_mlContext, rows);
        TwoLayerNetworkTransformer initial = Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 30).Fit(data);
        double loss = _mlContext.MulticlassClassification.Evaluate(initial.Transform(data)).LogLoss;

        double first = Examples.Trainer(_mlContext, options => options.BatchSize = 0).Fit(data, initialModel: initial.Model)
            .History.Epochs[0].TrainLoss;

        // Dividing features and multiplying weights by the same scale rounds each product twice.
        Assert.Equal(loss, first, 1e-5);
    }

    [Fact]
    public void The_names_of_the_classes_come_from_the_data_not_from_the_initial_model()
    {
        TwoLayerNetworkModelParameters nameless = TwoLayerNetworkModelParameters.Create(
            4, 6, 3, _initial.HiddenWeights.Span, _initial.HiddenBiases.Span, _initial.OutputWeights.Span, _initial.OutputBiases.Span);
        Assert.Equal(["0", "1", "2"], nameless.ClassNames.ToArray());

        Assert.Equal(["a", "b", "c"], Examples.Trainer(_mlContext).Fit(_data, initialModel: nameless).Model.ClassNames.ToArray());
    }

    public static TheoryData<int, int, int, Activation> Mismatches => new()
    {
        { 3, 6, 3, Activation.Relu },
        { 4, 5, 3, Activation.Relu },
        { 4, 6, 2, Activation.Relu },
        { 4, 6, 3, Activation.Tanh },
    };

    [Theory]
    [MemberData(nameof(Mismatches))]
    public void An_initial_model_of_another_shape_is_refused_with_both_shapes(int inputs, int hidden, int classes, Activation activation)
    {
        TwoLayerNetworkModelParameters other = TwoLayerNetworkModelParameters.Create(
            inputs, hidden, classes, new float[inputs * hidden], new float[hidden], new float[hidden * classes], new float[classes],
            activation);

        ArgumentException e = Assert.Throws<ArgumentException>("initialModel", () =>
            Examples.Trainer(_mlContext).Fit(_data, initialModel: other));

        Assert.Contains($"{inputs} inputs, {hidden} hidden units, {classes} classes and {activation}", e.Message, StringComparison.Ordinal);
        Assert.Contains("this training has 4, 6, 3 and Relu", e.Message, StringComparison.Ordinal);
    }
}
