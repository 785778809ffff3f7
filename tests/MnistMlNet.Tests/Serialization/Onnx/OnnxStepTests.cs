using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MnistMlNet.Tests.Serialization.Onnx;

/// <summary>
/// Steps from texts, categories and integers to the features: the types of the inputs, the nodes, and what is refused for its type.
/// tests/MnistMlNet.OnnxTests compares every step with ML.NET's values.
/// </summary>
public sealed class OnnxStepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public OnnxStepTests()
    {
        _data = Examples.View(_mlContext, Examples.Rows(30));
    }

    /// <summary>A conversion of the features, and words of the expected error.</summary>
    public static TheoryData<string, string[]> RefusedConversions => new()
    {
        { "Single to String", ["from numbers with a decimal point to text", "how many digits"] },
        { "String to Single", ["from text to Single", "ONNX's Cast fails", "OneHotEncoding"] },
        { "Int32 to SByte", ["from Int32 to SByte"] },
        { "Key to UInt32", ["becomes a key", "MapValueToKey"] },
    };

    private string Path => _folder.File("chain.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SaveOnnx_OneHotEncodingOfATextAndConvertedInteger_HasInputsOfTheirTypes()
    {
        TransformsCatalog transforms = _mlContext.Transforms;
        IEstimator<ITransformer> pipeline = transforms.Categorical.OneHotEncoding("Codes", "Label")
            .Append(transforms.Conversion.ConvertType("Number", "Id"))
            .Append(transforms.Concatenate("All", "Codes", "Number", "Features"))
            .Append(transforms.Conversion.MapValueToKey("Label"))
            .Append(Examples.Trainer(_mlContext, options => options.FeatureColumnName = "All"));

        _mlContext.Model.SaveOnnx(pipeline.Fit(_data), _data.Schema, Path);

        var onnx = new OnnxText(Path);
        Assert.Equal(["Label: string[N, 1]", "Id: int32[N, 1]", "Features: float[N, 4]"], onnx.Inputs);
        Assert.Equal("'' 13, 'ai.onnx.ml' 2", onnx.Opset);
        Assert.Contains(onnx.Nodes, node => node.StartsWith(
            "Codes/key = LabelEncoder(Label, keys_strings=[a b c], values_int64s=[1 2 3]", StringComparison.Ordinal));
        Assert.Contains("Number/converted = Cast(Id, to=1)", onnx.Nodes);
    }

    [Fact]
    public void SaveOnnx_StepsWithoutCategories_NeedNoFurtherOperators()
    {
        ITransformer chain = _mlContext.Transforms.ReplaceMissingValues(
                "Features", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Maximum)
            .Append(_mlContext.Transforms.Conversion.MapValueToKey("Label")).Append(Examples.Trainer(_mlContext)).Fit(_data);

        _mlContext.Model.SaveOnnx(chain, _data.Schema, Path);

        var onnx = new OnnxText(Path);
        Assert.Equal("'' 13", onnx.Opset);
        Assert.Equal(["Features/missing = IsNaN(Features)",
            "Features/replaced = Where(Features/missing, Features/replacement, Features)"], onnx.Nodes[..2]);
        float[][] features = [.. _data.GetColumn<float[]>("Features")];
        Assert.Equal(Enumerable.Range(0, 4).Select(i => features.Max(row => row[i])), onnx.Singles("Features/replacement"));
    }

    [Fact]
    public void SaveOnnx_StepThatReadsAMissingColumn_IsRefusedOnlyIfItIsNeeded()
    {
        IEstimator<ITransformer> codes = _mlContext.Transforms.Categorical.OneHotEncoding("Codes", "Label");
        IEstimator<ITransformer> end = _mlContext.Transforms.Conversion.MapValueToKey("Label");
        ITransformer unneeded = codes.Append(end).Append(Examples.Trainer(_mlContext)).Fit(_data);
        ITransformer needed = codes.Append(_mlContext.Transforms.Concatenate("Features", "Codes", "Features")).Append(end)
            .Append(Examples.Trainer(_mlContext)).Fit(_data);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, Examples.FeatureCount));

        _mlContext.Model.SaveOnnx(unneeded, schema.ToSchema(), Path);

        Assert.Equal(["Features: float[N, 4]"], new OnnxText(Path).Inputs);
        AssertRefused(needed, schema.ToSchema(), "Step 1 of 5, ValueToKeyMappingTransformer,", "'Label'");
    }

    [Theory]
    [MemberData(nameof(RefusedConversions))]
    public void SaveOnnx_ConversionThatCastDoesOtherwise_IsRefusedWithTheReason(string conversion, string[] words)
    {
        IDataView data = conversion.Split(' ')[0] switch
        {
            "Single" => Empty<Vector<float>>(),
            "String" => Empty<Vector<string>>(),
            "Int32" => Empty<Vector<int>>(),
            _ => Empty<KeyVector>(),
        };
        DataKind kind = Enum.Parse<DataKind>(conversion.Split(' ')[2]);
        ITransformer converter = _mlContext.Transforms.Conversion.ConvertType("Features", outputKind: kind).Fit(data);

        // The network doesn't accept most of these; only the error of the step before it is of interest.
        TwoLayerNetworkTransformer network = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));

        AssertRefused(
            new TransformerChain<ITransformer>(converter, network), data.Schema,
            ["Step 1 of 2, TypeConvertingTransformer,", "'Features'", .. words]);
    }

    [Fact]
    public void SaveOnnx_NormalizerOfAnotherType_IsRefusedWithBothTypes()
    {
        IDataView doubles = _mlContext.Transforms.Conversion.ConvertType("Features", outputKind: DataKind.Double).Fit(_data)
            .Transform(_data);
        NormalizingTransformer normalizer = _mlContext.Transforms.NormalizeMinMax("Features").Fit(doubles);
        TwoLayerNetworkTransformer network = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));
        var chain = new TransformerChain<ITransformer>(normalizer, network);

        AssertRefused(chain, _data.Schema, "'Features' of inputSchema", "Single", "expected Double");
        AssertRefused(
            chain, doubles.Schema, "Step 1 of 2, NormalizingTransformer,", "'Features'", "Double", "expected Single");
    }

    [Fact]
    public void SaveOnnx_StepThatDropsMissingValues_IsRefusedWithTheReplacement()
    {
        // Internal in ML.NET 5.0.1, but part of models that other versions saved.
        Type type = typeof(MissingValueReplacingTransformer).Assembly.GetType("Microsoft.ML.Transforms.MissingValueDroppingTransformer")!;
        (string, string)[] columns = [("Dropped", "Features")];
        var dropping = (ITransformer)Activator.CreateInstance(
            type, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance, null, [_mlContext, columns], null)!;
        TwoLayerNetworkTransformer network = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));

        AssertRefused(
            new TransformerChain<ITransformer>(dropping, network), _data.Schema, "Step 1 of 2, MissingValueDroppingTransformer,",
            "differs from row to row", "ReplaceMissingValues");
    }

    [Fact]
    public void SaveOnnx_InputOfATypeThatONNXLacks_IsRefusedByColumn()
    {
        IDataView data = Empty<Vector<DateTime>>();
        ITransformer converter = _mlContext.Transforms.Conversion.ConvertType("Features").Fit(data);
        TwoLayerNetworkTransformer network = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));

        AssertRefused(
            new TransformerChain<ITransformer>(converter, network), data.Schema, "'Features' of inputSchema", "DateTime",
            "expected a number");
    }

    [Fact]
    public void ConvertToOnnx_ScoredDataView_CannotBeSavedAsAModel()
    {
        TwoLayerNetworkTransformer network = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));
        var scored = (ICanSaveModel)network.Transform(_data);

        Assert.Contains("Save the transformer", Assert.Throws<NotSupportedException>(() => scored.Save(null!)).Message,
            StringComparison.Ordinal);
    }

    private IDataView Empty<T>()
        where T : class => _mlContext.Data.LoadFromEnumerable(Array.Empty<T>());

    private void AssertRefused(ITransformer chain, DataViewSchema schema, params string[] words)
    {
        _folder.Write("refused.onnx", "old");

        NotSupportedException e = Assert.Throws<NotSupportedException>(
            () => _mlContext.Model.SaveOnnx(chain, schema, _folder.File("refused.onnx")));

        Assert.All(words, word => Assert.Contains(word, e.Message, StringComparison.Ordinal));
        Assert.Equal("old", File.ReadAllText(_folder.File("refused.onnx")));
    }

    private sealed class Vector<T>
    {
        [VectorType(Examples.FeatureCount)]
        public T[] Features { get; set; } = [];
    }

    private sealed class KeyVector
    {
        [VectorType(Examples.FeatureCount)]
        [KeyType(3)]
        public uint[] Features { get; set; } = [];
    }
}
