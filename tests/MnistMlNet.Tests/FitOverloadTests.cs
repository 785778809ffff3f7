using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MnistMlNet.Tests.Tasks;

namespace MnistMlNet.Tests;

/// <summary>The overloads of <c>Fit</c> and <c>ContinueFit</c> that take the parameters of a model.</summary>
public sealed class FitOverloadTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;
    private readonly TwoLayerNetworkTransformer _model;

    public FitOverloadTests()
    {
        _data = Examples.Keyed(_mlContext, Examples.Rows(60));
        _model = Examples.Trainer(_mlContext, options => options.Seed = 99).Fit(_data);
    }

    [Fact]
    public void Fit_ParametersAsSecondArgument_StartsFromThem()
    {
        int[] expected = Examples.Bits(Examples.Trainer(_mlContext).Fit(_data, initialModel: _model.Model).Model);

        Assert.Equal(expected, Examples.Bits(Examples.Trainer(_mlContext).Fit(_data, _model.Model).Model));
        Assert.Equal(expected, Examples.Bits(Examples.Trainer(_mlContext).Fit(trainData: _data, modelParameters: _model.Model).Model));
        Assert.NotEqual(expected, Examples.Bits(Examples.Trainer(_mlContext).Fit(_data).Model));
    }

    [Fact]
    public void Fit_NullOrRowsAsSecondArgument_AreTheValidationData()
    {
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext);

        Assert.Null(trainer.Fit(_data, null).History.Epochs[^1].ValidationLoss);
        Assert.NotNull(trainer.Fit(_data, _data).History.Epochs[^1].ValidationLoss);
        Assert.Throws<ArgumentNullException>("modelParameters", () => trainer.Fit(_data, modelParameters: null!));
    }

    [Fact]
    public void ContinueFit_Parameters_TrainsAsWithTheTransformer()
    {
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext);

        TwoLayerNetworkTransformer byTransformer = trainer.ContinueFit(_model, _data), byModel = trainer.ContinueFit(_model.Model, _data);

        Assert.Equal(Examples.Bits(byTransformer.Model), Examples.Bits(byModel.Model));
        Assert.Equal(byTransformer.Model.ClassNames.ToArray(), byModel.Model.ClassNames.ToArray());
        Assert.Equal(
            SchemaText.Lines(byTransformer.GetOutputSchema(_data.Schema)), SchemaText.Lines(byModel.GetOutputSchema(_data.Schema)));
    }

    [Fact]
    public void ContinueFit_ParametersAndSomeClassesInAnotherOrder_MatchesThemByName()
    {
        Example[] rows = [.. Examples.Rows(60).Where(row => row.Label != "a").OrderByDescending(row => row.Label)];
        IDataView some = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(Examples.View(_mlContext, rows))
            .Transform(Examples.View(_mlContext, rows));

        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).ContinueFit(_model.Model, some);

        Assert.Equal(["a", "b", "c"], model.Model.ClassNames.ToArray());
        Assert.Equal(
            Examples.Bits(Examples.Trainer(_mlContext).ContinueFit(_model, some).Model), Examples.Bits(model.Model));
    }

    [Fact]
    public void ContinueFit_ParametersAndAClassThatTheyLack_IsRefused()
    {
        Example[] rows = [.. Examples.Rows(60).Select(row => row.With(label: row.Label == "a" ? "d" : row.Label))];
        IDataView other = Keys(Examples.View(_mlContext, rows));

        Assert.StartsWith(
            "moreData has the class 'd', which model doesn't have. It has a, b, c.",
            Assert.Throws<ArgumentException>("moreData", () => Examples.Trainer(_mlContext).ContinueFit(_model.Model, other)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ContinueFit_ParametersOfNumberedClasses_KeepTheTypeAndRefuseWhereAValueIsMissing()
    {
        IDataView all = Keys(Numbered(Examples.Rows(60))), some = Keys(Numbered(Examples.Rows(60).Where(row => row.Label != "b")));
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).Fit(all);
        IDataView back = Keys(Numbered(Examples.Rows(60).Reverse()));

        TwoLayerNetworkTransformer more = Examples.Trainer(_mlContext).ContinueFit(model.Model, back);

        var values = (VectorDataViewType)more.GetOutputSchema(all.Schema)["PredictedLabel"].Annotations.Schema["KeyValues"].Type;
        Assert.Equal(NumberDataViewType.Int32, values.ItemType);
        Assert.Equal(Examples.Bits(Examples.Trainer(_mlContext).ContinueFit(model, back).Model), Examples.Bits(more.Model));
        Assert.StartsWith(
            "moreData lacks the class '8', of which model has only the text, not the value of type Int32. Give ContinueFit the transformer",
            Assert.Throws<ArgumentException>("moreData", () => Examples.Trainer(_mlContext).ContinueFit(model.Model, some)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ContinueFit_ParametersWithoutNames_TakesTheNamesOfTheData()
    {
        TwoLayerNetworkModelParameters nameless = TwoLayerNetworkModelParameters.Create(
            4, 6, 3, _model.Model.HiddenWeights.Span, _model.Model.HiddenBiases.Span, _model.Model.OutputWeights.Span,
            _model.Model.OutputBiases.Span);

        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).ContinueFit(nameless, _data);

        Assert.Equal(["a", "b", "c"], model.Model.ClassNames.ToArray());
        Assert.Equal(Examples.Bits(Examples.Trainer(_mlContext).ContinueFit(_model, _data).Model), Examples.Bits(model.Model));
    }

    [Fact]
    public void ContinueFit_ParametersOfTheOtherTasks_TrainsAsWithTheTransformer()
    {
        IDataView rows = TaskRows.View(_mlContext, TaskRows.Make(40));
        var binary = _mlContext.BinaryClassification.Trainers.TwoLayerNetwork(
            (TwoLayerNetworkBinaryTrainer.Options)TaskTraining.Options(TaskTraining.Binary));
        var numbers = _mlContext.Regression.Trainers.TwoLayerNetwork(
            (TwoLayerNetworkRegressionTrainer.Options)TaskTraining.Options(TaskTraining.Numbers));
        var answer = binary.Fit(rows);
        TwoLayerNetworkRegressionTransformer three = numbers.Fit(rows);

        Assert.Equal(TaskModel.Of(binary.ContinueFit(answer, rows)).Bits, TaskModel.Of(binary.ContinueFit(answer.Model, rows)).Bits);
        Assert.Equal(TaskModel.Of(numbers.ContinueFit(three, rows)).Bits, TaskModel.Of(numbers.ContinueFit(three.Model, rows)).Bits);
        Assert.Equal(TaskModel.Of(numbers.Fit(rows, null, three.Model)).Bits, TaskModel.Of(numbers.Fit(rows, three.Model)).Bits);
    }

    private IDataView Numbered(IEnumerable<Example> rows) => _mlContext.Data.LoadFromEnumerable(
        rows.Select(row => new NumberedRow { Label = 7 + row.Label[0] - 'a', Features = row.Features }));

    private IDataView Keys(IDataView rows) => _mlContext.Transforms.Conversion.MapValueToKey(
        "Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence).Fit(rows).Transform(rows);

    private sealed class NumberedRow
    {
        public int Label { get; set; }

        [VectorType(Examples.FeatureCount)]
        public float[] Features { get; set; } = [];
    }
}
