using Microsoft.ML;

namespace MnistMlNet.Tests.Serialization.Onnx;

/// <summary>How a step that can't be written is named.</summary>
public sealed class OnnxStepNameTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void SaveOnnx_StepNestedInItsEstimator_IsNamedWithTheEstimator()
    {
        IDataView rows = Examples.View(_mlContext, Examples.Rows(30));
        IEstimator<ITransformer> text = _mlContext.Transforms.Text.FeaturizeText("Words", "Label");
        ITransformer model = text.Append(_mlContext.Transforms.Conversion.MapValueToKey("Label")).Append(Examples.Trainer(_mlContext))
            .Fit(rows);

        // ML.NET's own class is called Transformer, like those of other estimators.
        Assert.Equal("Transformer", text.Fit(rows).GetType().Name);
        Assert.StartsWith(
            "Step 1 of 3, TextFeaturizingEstimator.Transformer, can't be written as ONNX: ",
            Assert.Throws<NotSupportedException>(() => _mlContext.Model.SaveOnnx(model, rows.Schema, "never-written.onnx")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void SaveOnnx_GenericStepWithoutANetwork_IsNamedWithoutTheSignOfGenericTypes()
    {
        IDataView rows = Examples.View(_mlContext, Examples.Rows(30));
        ITransformer model = _mlContext.Transforms.CustomMapping<Example, Mapped>((from, to) => to.Twice = 2 * from.Weight, null).Fit(rows);

        Assert.StartsWith(
            "Step 1 of 1, CustomMappingTransformer, can't be written as ONNX.",
            Assert.Throws<NotSupportedException>(() => _mlContext.Model.SaveOnnx(model, rows.Schema, "never-written.onnx")).Message,
            StringComparison.Ordinal);
    }

    private sealed class Mapped
    {
        public float Twice { get; set; }
    }
}
