using Microsoft.ML;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

public sealed class TransformerColumnsTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public TransformerColumnsTests()
    {
        _data = Examples.View(_mlContext, Examples.Rows(6));
    }

    [Fact]
    public void GetColumns_TransformersOfPairs_GivesTheirPairsInOrder()
    {
        Assert.Equal(
            ["A <- Features", "B <- Weight"],
            Columns(_mlContext.Transforms.NormalizeMinMax(
                [new InputOutputColumnPair("A", "Features"), new InputOutputColumnPair("B", "Weight")])));
        Assert.Equal(["Key <- Label"], Columns(_mlContext.Transforms.Conversion.MapValueToKey("Key", "Label")));
        Assert.Equal(["C <- Label"], Columns(_mlContext.Transforms.CopyColumns("C", "Label")));
        Assert.Equal(
            ["V <- Label"],
            Columns(_mlContext.Transforms.Conversion.MapValueToKey("Label")
                .Append(_mlContext.Transforms.Conversion.MapKeyToValue("V", "Label")), last: true));
    }

    [Fact]
    public void GetColumns_Concatenation_GivesItsInputsInOrder() =>
        Assert.Equal(["All <- Weight, Features, Weight"],
            Columns(_mlContext.Transforms.Concatenate("All", "Weight", "Features", "Weight")));

    [Fact]
    public void GetColumns_AnyOtherTransformer_GivesNull()
    {
        Assert.Null(TransformerColumns.GetColumns(_mlContext.Transforms.DropColumns("Label").Fit(_data)));
        Assert.Null(TransformerColumns.GetColumns(Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(6)))));
    }

    [Fact]
    public void GetSelection_KeptOrDropped_GivesTheSelection()
    {
        (IReadOnlySet<string> kept, bool keep) =
            TransformerColumns.GetSelection(_mlContext.Transforms.SelectColumns("Label", "Weight").Fit(_data));
        (IReadOnlySet<string> dropped, bool keepDropped) =
            TransformerColumns.GetSelection(_mlContext.Transforms.DropColumns("Id").Fit(_data));

        Assert.Equal(["Label", "Weight"], kept.Order());
        Assert.True(keep);
        Assert.Equal(["Id"], dropped);
        Assert.False(keepDropped);
    }

    private string[] Columns(IEstimator<ITransformer> estimator, bool last = false)
    {
        ITransformer transformer = estimator.Fit(_data);
        return [.. TransformerColumns.GetColumns(last ? ((IEnumerable<ITransformer>)transformer).Last() : transformer)!
            .Select(column => $"{column.Output} <- {string.Join(", ", column.Inputs)}")];
    }
}
