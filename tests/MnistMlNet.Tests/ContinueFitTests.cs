using Microsoft.ML;

namespace MnistMlNet.Tests;

/// <summary>Continuing the training of a model on more data.</summary>
public sealed class ContinueFitTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly Example[] _more = Examples.Rows(45, seed: 2);
    private readonly TwoLayerNetworkTransformer _model;

    public ContinueFitTests()
    {
        _model = Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 20).Fit(Examples.Keyed(_mlContext, Examples.Rows(60)));
    }

    [Fact]
    public void It_begins_at_the_models_parameters_and_does_not_change_the_model()
    {
        int[] before = Examples.Bits(_model.Model);
        IDataView more = Examples.Keyed(_mlContext, _more);
        TwoLayerNetworkTrainer still = Examples.Trainer(_mlContext, options =>

            (options.Optimizer, options.LearningRate, options.BatchSize, options.StandardizeFeatures) =
            (Optimizer.GradientDescent, float.Epsilon, 0, false));

        TwoLayerNetworkTransformer same = still.ContinueFit(_model, more), learned = Examples.Trainer(_mlContext).ContinueFit(_model, more);

        Assert.Equal(before, Examples.Bits(same.Model));
        Assert.Equal(_mlContext.MulticlassClassification.Evaluate(_model.Transform(more)).LogLoss, same.History.Epochs[0].TrainLoss, 1e-6);
        Assert.NotEqual(before, Examples.Bits(learned.Model));
        Assert.Equal(before, Examples.Bits(_model.Model));
        Assert.Equal((45, 5), (learned.History.RowsTrained, learned.History.Epochs.Count));
        Assert.True(learned.History.Epochs[^1].TrainLoss < learned.History.Epochs[0].TrainLoss);
    }

    [Fact]
    public void On_the_same_classes_it_equals_Fit_with_the_initial_model()
    {
        IDataView more = Examples.Keyed(_mlContext, _more);

        Assert.Equal(
            Examples.Bits(Examples.Trainer(_mlContext).Fit(more, initialModel: _model.Model).Model),
            Examples.Bits(Examples.Trainer(_mlContext).ContinueFit(_model, more).Model));
    }

    [Theory]
    [InlineData("cba")]
    [InlineData("bca")]
    [InlineData("ca")]
    [InlineData("b")]
    public void Classes_are_matched_by_name_in_any_order_and_some_are_enough(string order)
    {
        Example[] rows = [.. _more.Where(row => order.Contains(row.Label, StringComparison.Ordinal))];
        IDataView sorted = Examples.Keyed(_mlContext, rows), other = ValidationTests.InOrder(_mlContext, order, rows);

        TwoLayerNetworkTransformer expected = Examples.Trainer(_mlContext).ContinueFit(_model, sorted, sorted);
        TwoLayerNetworkTransformer actual = Examples.Trainer(_mlContext).ContinueFit(_model, other, other);

        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(actual.Model));
        Assert.Equal(expected.History.Epochs[^1].ValidationLoss, actual.History.Epochs[^1].ValidationLoss);
        Assert.Equal(["a", "b", "c"], actual.Model.ClassNames.ToArray());
    }

    [Fact]
    public void A_class_that_the_model_does_not_have_is_refused_by_name()
    {
        IDataView more = ValidationTests.InOrder(_mlContext, "abd", _more[0], _more[1]);

        ArgumentException e = Assert.Throws<ArgumentException>("moreData", () => Examples.Trainer(_mlContext).ContinueFit(_model, more));

        Assert.StartsWith("moreData has the class 'd', which model doesn't have. It has a, b, c.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_shape_is_refused_with_both()
    {
        IDataView more = Examples.Keyed(_mlContext, _more), narrow = LabelKinds.View(_mlContext, LabelKinds.Text);

        ArgumentException units = Assert.Throws<ArgumentException>(() =>
            Examples.Trainer(_mlContext, options => options.HiddenUnits = 7).ContinueFit(_model, more));
        ArgumentException inputs = Assert.Throws<ArgumentException>("moreData", () =>
            Examples.Trainer(_mlContext).ContinueFit(_model, narrow));

        Assert.StartsWith("model has 4 inputs, 6 hidden units, 3 classes and Relu; this training has 4, 7, 3 and Relu.",
            units.Message, StringComparison.Ordinal);
        Assert.StartsWith("moreData has 2 features and 3 classes; model has 4 and 3.", inputs.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("model", () => Examples.Trainer(_mlContext).ContinueFit(null!, more));
        Assert.Throws<ArgumentNullException>("moreData", () => Examples.Trainer(_mlContext).ContinueFit(_model, null!));
    }

    [Fact]
    public void Training_on_raw_features_continues_from_the_model_whatever_range_the_new_rows_have()
    {
        IDataView Raw(Example[] rows, float factor) =>
            Examples.Keyed(_mlContext, rows.Select(row => row.With(features: [.. row.Features.Select(x => x * factor)])));
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 20)
            .Fit(Raw(Examples.Rows(60), 100));
        foreach (float factor in (float[])[100, 30, 1])                            // other largest magnitudes, and none above 10
        {
            IDataView more = Raw(_more, factor);
            double loss = _mlContext.MulticlassClassification.Evaluate(model.Transform(more)).LogLoss;

            double first = Examples.Trainer(_mlContext, options => options.BatchSize = 0).ContinueFit(model, more).History.Epochs[0]
                .TrainLoss;

            // Dividing features and multiplying weights by the same scale rounds each product twice.
            Assert.Equal(loss, first, 1e-5);
        }
    }

    [Fact]
    public void A_loaded_model_can_be_trained_further()
    {
        using var folder = new TemporaryFolder();
        IDataView more = Examples.Keyed(_mlContext, _more);
        _mlContext.Model.Save(_model, more.Schema, folder.File("model.zip"));

        var loaded = (TwoLayerNetworkTransformer)_mlContext.Model.Load(folder.File("model.zip"), out _);

        Assert.Equal(
            Examples.Bits(Examples.Trainer(_mlContext).ContinueFit(_model, more).Model),
            Examples.Bits(Examples.Trainer(_mlContext).ContinueFit(loaded, more).Model));
    }
}
