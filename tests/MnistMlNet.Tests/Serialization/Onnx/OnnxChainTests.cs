using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MnistMlNet.Data;
using MnistMlNet.Serialization.Onnx;

namespace MnistMlNet.Tests.Serialization.Onnx;

/// <summary>
/// The exported file of a chain, and chains that can't be exported. tests/MnistMlNet.OnnxTests checks that ONNX Runtime computes the same
/// from it.
/// </summary>
public sealed class OnnxChainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public OnnxChainTests()
    {
        _data = Examples.View(_mlContext, Examples.Rows(30));
    }

    /// <summary>A step before the network, and words of the expected error.</summary>
    public static TheoryData<string, string[]> RefusedSteps => new()
    {
        { "Hashed categories", ["Step 2 of 5, OneHotHashEncodingTransformer,", "MurmurHash3", "Use OneHotEncoding"] },
        { "Hash", ["Step 2 of 5, HashingTransformer,", "MurmurHash3", "Use OneHotEncoding"] },
        { "Text", ["Step 2 of 5, TextFeaturizingEstimator.Transformer,", "split a text", "Featurize the text before"] },
        { "Words", ["Step 2 of 5, WordTokenizingTransformer,", "split a text"] },
        { "Row filter", ["Step 2 of 5, CustomMappingTransformer,", "docs/onnx.md"] },
    };

    private string Path => _folder.File("chain.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SaveOnnx_ChainWithNormalizersAndConcatenation_WritesThemAsNodesAndLeavesTheRestOut()
    {
        // Weight is 1 to 4, so MinMax without fixed zeros is (x - 1) · 1/3; only what the network needs becomes an input: not Id, not
        // Label.
        IEstimator<ITransformer> pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.Transforms.NormalizeMinMax("W", "Weight", fixZero: false))
            .Append(_mlContext.Transforms.NormalizeLogMeanVariance("Unused", "Weight"))
            .Append(_mlContext.Transforms.Concatenate("All", "Features", "W"))
            .Append(_mlContext.Transforms.CopyColumns("Copy", "All"))
            .Append(_mlContext.Transforms.DropColumns("All", "Unused"))
            .Append(Examples.Trainer(_mlContext, options => options.FeatureColumnName = "Copy"))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        _mlContext.Model.SaveOnnx(pipeline.Fit(_data), _data.Schema, Path);

        var onnx = new OnnxText(Path);
        Assert.Equal(["Features: float[N, 4]", "Weight: float[N, 1]"], onnx.Inputs);
        Assert.Equal(
            [
                "W/centered = Sub(Weight, W/offset)",
                "W/scaled = Mul(W/centered, W/scale)",
                "All/concatenated = Concat(Features, W/scaled, axis=1)",
                "z1 = Gemm(All/concatenated, w1, b1, transB=1)",
            ],
            onnx.Nodes[..4]);
        Assert.Equal([1f], onnx.Singles("W/offset"));
        Assert.Equal(1 / 3f, Assert.Single(onnx.Singles("W/scale")), 1e-7f);
        Assert.Equal(["probabilities: float[N, 3]", "label: string[N]"], onnx.Outputs);
        Assert.Equal(["a", "b", "c", ""], onnx.Texts("labels"));
    }

    [Fact]
    public void SaveOnnx_NormalizerWithFixedZeros_SubtractsNothing()
    {
        IEstimator<ITransformer> pipeline = Labels().Append(_mlContext.Transforms.NormalizeMinMax("Features"))
            .Append(Examples.Trainer(_mlContext));

        _mlContext.Model.SaveOnnx(pipeline.Fit(_data), _data.Schema, Path);

        Assert.Equal(["Features/scaled = Mul(Features, Features/scale)", "z1 = Gemm(Features/scaled, w1, b1, transB=1)"],
            new OnnxText(Path).Nodes[..2]);
    }

    [Fact]
    public void SaveOnnx_TransformerAlone_IsTheNetworkUnderItsColumnsName()
    {
        TwoLayerNetworkTransformer transformer = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));

        _mlContext.Model.SaveOnnx(transformer, _data.Schema, Path);

        transformer.Model.SaveOnnx(_folder.File("network.onnx"));
        OnnxText chain = new(Path), network = new(_folder.File("network.onnx"));
        Assert.Equal(network.Nodes.Select(node => node.Replace("features", "Features", StringComparison.Ordinal)), chain.Nodes);
        Assert.Equal(["Features: float[N, 4]"], chain.Inputs);
    }

    [Fact]
    public void SaveOnnx_SchemaWithoutLabel_IsEnough()
    {
        ITransformer chain = Labels().Append(Examples.Trainer(_mlContext)).Fit(_data);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, Examples.FeatureCount));

        _mlContext.Model.SaveOnnx(chain, schema.ToSchema(), Path);

        Assert.Equal(["Features: float[N, 4]"], new OnnxText(Path).Inputs);
    }

    [Fact]
    public void SaveOnnx_ColumnNamedLikeAValueOfTheGraph_KeepsItsName()
    {
        IEstimator<ITransformer> pipeline = Labels().Append(Examples.Trainer(_mlContext, options => options.FeatureColumnName = "z1"));
        IDataView data = Renamed("z1");

        _mlContext.Model.SaveOnnx(pipeline.Fit(data), data.Schema, Path);

        var onnx = new OnnxText(Path);
        Assert.Equal(["z1: float[N, 4]"], onnx.Inputs);
        Assert.Equal(["z1_2 = Gemm(z1, w1, b1, transB=1)", "a1 = Relu(z1_2)"], onnx.Nodes[..2]);
    }

    [Theory]
    [InlineData("label")]
    [InlineData("probabilities")]
    public void SaveOnnx_InputColumnNamedLikeAnOutput_IsRefusedByName(string name)
    {
        IDataView data = Renamed(name);
        ITransformer chain = Labels().Append(Examples.Trainer(_mlContext, options => options.FeatureColumnName = name)).Fit(data);

        AssertRefused<NotSupportedException>(chain, data.Schema, $"'{name}'", "output");
    }

    [Theory]
    [MemberData(nameof(RefusedSteps))]
    public void SaveOnnx_StepWithoutCounterpart_IsRefusedByNameAndPlaceBeforeTheOldFileIsTouched(string step, string[] words)
    {
        TransformsCatalog transforms = _mlContext.Transforms;
        IEstimator<ITransformer> refused = step switch
        {
            "Hashed categories" => transforms.Categorical.OneHotHashEncoding("Added", "Weight", numberOfBits: 2),
            "Hash" => transforms.Conversion.Hash("Added", "Weight"),
            "Text" => transforms.Text.FeaturizeText("Added", "Name"),
            "Words" => transforms.Text.TokenizeIntoWords("Added", "Name"),
            _ => transforms.CustomMapping<Example, Mapped>((from, to) => to.Added = from.Weight, null),
        };
        ITransformer chain = transforms.Conversion.ConvertType("Name", "Weight", DataKind.String).Append(refused).Append(Labels())
            .Append(Examples.Trainer(_mlContext)).Append(transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(_data);

        AssertRefused<NotSupportedException>(chain, _data.Schema, words);
    }

    [Fact]
    public void SaveOnnx_SecondNetworkOrNormalizerOrConcatenationAfterTheNetwork_IsRefusedWithBothPlaces()
    {
        IEstimator<ITransformer> one = Labels().Append(Examples.Trainer(_mlContext));

        AssertRefused<NotSupportedException>(
            one.Append(Examples.Trainer(_mlContext)).Fit(_data), _data.Schema, "Step 3 of 3, TwoLayerNetworkTransformer,",
            "after the network (Step 2 of 3");
        AssertRefused<NotSupportedException>(
            one.Append(_mlContext.Transforms.NormalizeMinMax("Score")).Fit(_data), _data.Schema, "Step 3 of 3, NormalizingTransformer,",
            "after the network");
        AssertRefused<NotSupportedException>(
            one.Append(_mlContext.Transforms.Concatenate("Both", "Score", "Weight")).Fit(_data), _data.Schema,
            "Step 3 of 3, ColumnConcatenatingTransformer,", "after the network");
    }

    [Fact]
    public void SaveOnnx_NoNetwork_IsRefusedWithWhatThereIs()
    {
        ITransformer chain = Labels().Append(_mlContext.Transforms.NormalizeMinMax("Features")).Fit(_data);

        AssertRefused<ArgumentException>(chain, _data.Schema, "no transformer of a TwoLayerNetwork trainer",
            "ValueToKeyMappingTransformer, NormalizingTransformer", "pipelineModel");
    }

    [Fact]
    public void SaveOnnx_SchemaThatDoesNotFit_IsRefusedWithTheColumn()
    {
        ITransformer chain = Labels().Append(_mlContext.Transforms.Concatenate("Features", "Features", "Weight"))
            .Append(Examples.Trainer(_mlContext)).Fit(_data);
        DataViewSchema Schema(DataViewType weight, int features = Examples.FeatureCount)
        {
            var schema = new DataViewSchema.Builder();
            schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, features));
            schema.AddColumn("Weight", weight);
            return schema.ToSchema();
        }

        AssertRefused<NotSupportedException>(chain, Schema(TextDataViewType.Instance), "'Weight'", "String", "Single");
        AssertRefused<NotSupportedException>(chain, Schema(new VectorDataViewType(NumberDataViewType.Single)), "'Weight'", "known size");
        AssertRefused<NotSupportedException>(chain, Schema(NumberDataViewType.Double), "'Weight'", "Double");
        AssertRefused<ArgumentException>(chain, Schema(NumberDataViewType.Single, 7), "'Features' has 8 values", "5 inputs", "inputSchema");
        AssertRefused<NotSupportedException>(chain, Renamed("Other").Schema, "Step 2 of 3, ColumnConcatenatingTransformer,", "'Features'",
            "'Other'");
        _mlContext.Model.SaveOnnx(chain, Schema(new VectorDataViewType(NumberDataViewType.Single, 1)), Path);
    }

    [Fact]
    public void SaveOnnx_FeatureThatIsAKey_IsRefusedWithTheStepThatMadeIt()
    {
        TwoLayerNetworkTransformer network = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));
        ITransformer keys = _mlContext.Transforms.Conversion.MapValueToKey("Features").Fit(_data);

        AssertRefused<NotSupportedException>(new TransformerChain<ITransformer>(keys, network), _data.Schema,
            "Step 1 of 2, ValueToKeyMappingTransformer,", "'Features'", "Key<UInt32", "expected Single");
    }

    [Fact]
    public void SaveOnnx_LabelsThatAreTimes_AreRefusedByType()
    {
        TwoLayerNetworkTransformer trained = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));
        DateTime[] days = [new(2026, 1, 1), new(2026, 1, 2), new(2026, 1, 3)];
        var network = new TwoLayerNetworkTransformer(
            _mlContext, trained.Model, trained.FeatureColumnName, ClassLabels.Create(DateTimeDataViewType.Instance, days), trained.History);
        IDataView keyed = Examples.Keyed(_mlContext, Examples.Rows(30));
        ITransformer values = _mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(network.Transform(keyed));

        AssertRefused<NotSupportedException>(new TransformerChain<ITransformer>(network, values), keyed.Schema,
            "Step 2 of 2, KeyToValueMappingTransformer,", "DateTime");
        _mlContext.Model.SaveOnnx(network, keyed.Schema, Path);
    }

    [Fact]
    public void SaveOnnx_AnArgumentMissing_IsRefusedByName()
    {
        ITransformer chain = Labels().Append(Examples.Trainer(_mlContext)).Fit(_data);

        Assert.Throws<ArgumentNullException>("catalog", () => ModelOperationsCatalogExtensions.SaveOnnx(null!, chain, _data.Schema, Path));
        Assert.Throws<ArgumentNullException>("pipelineModel", () => _mlContext.Model.SaveOnnx(null!, _data.Schema, Path));
        Assert.Throws<ArgumentNullException>("inputSchema", () => _mlContext.Model.SaveOnnx(chain, null!, Path));
        Assert.Throws<ArgumentException>("path", () => _mlContext.Model.SaveOnnx(chain, _data.Schema, ""));
    }

    [Fact]
    public void SaveOnnx_LargerThanTheEncodingHolds_IsRefusedBeforeTheOldFileIsTouched()
    {
        ITransformer chain = Labels().Append(Examples.Trainer(_mlContext)).Fit(_data);
        _folder.Write("chain.onnx", "old");

        Assert.Throws<NotSupportedException>(() => OnnxChain.Write(chain, _data.Schema, Path, maximumSize: 1000));

        Assert.Equal("old", File.ReadAllText(Path));
    }

    private void AssertRefused<TException>(ITransformer chain, DataViewSchema schema, params string[] words)
        where TException : Exception
    {
        _folder.Write("chain.onnx", "old");

        TException e = Assert.Throws<TException>(() => _mlContext.Model.SaveOnnx(chain, schema, Path));

        Assert.All(words, word => Assert.Contains(word, e.Message, StringComparison.Ordinal));
        Assert.Equal("old", File.ReadAllText(Path));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private ValueToKeyMappingEstimator Labels() =>
        _mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue);

    private IDataView Renamed(string name) =>
        _mlContext.Transforms.CopyColumns(name, "Features").Append(_mlContext.Transforms.SelectColumns("Label", name)).Fit(_data)
            .Transform(_data);

    private sealed class Mapped
    {
        public float Added { get; set; }
    }
}
