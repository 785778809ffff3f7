using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MnistMlNet.OnnxTests;

/// <summary>
/// Every kind of step before a network, on 1,000 rows that were not seen in training: with unknown categories, empty texts, NaN and
/// negative numbers. The scores of ML.NET's own chain are the expected values; all features go into every score.
/// </summary>
public sealed class StepTests : IDisposable
{
    private const int Rows = 1000;

    private static readonly Dictionary<string, Func<TransformsCatalog, IEstimator<ITransformer>>> s_steps = new()
    {
        ["Indicator of a text"] = t => t.Categorical.OneHotEncoding("F", "Colour"),
        ["Indicator of a vector of texts"] = t => t.Categorical.OneHotEncoding("F", "Tags"),
        ["Bag of a text"] = t => t.Categorical.OneHotEncoding("F", "Colour", OneHotEncodingEstimator.OutputKind.Bag),
        ["Bag of a vector of texts"] = t => t.Categorical.OneHotEncoding("F", "Tags", OneHotEncodingEstimator.OutputKind.Bag),
        ["Binary code of a text"] = t => t.Categorical.OneHotEncoding("F", "Colour", OneHotEncodingEstimator.OutputKind.Binary),
        ["Binary code of a vector of texts"] = t => t.Categorical.OneHotEncoding("F", "Tags", OneHotEncodingEstimator.OutputKind.Binary),
        ["Key, then vector"] = t => t.Categorical.OneHotEncoding("K", "Colour", OneHotEncodingEstimator.OutputKind.Key)
            .Append(t.Conversion.MapKeyToVector("F", "K")),
        ["Keys in the order of the values"] = t => t.Conversion.MapValueToKey(
                "K", "Colour", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(t.Conversion.MapKeyToVector("F", "K")),
        ["Indicator of a float"] = t => t.Categorical.OneHotEncoding("F", "Size"),
        ["Indicator of a double"] = t => t.Categorical.OneHotEncoding("F", "Weight"),
        ["Indicator of a truth value"] = t => t.Categorical.OneHotEncoding("F", "Flag"),
        ["Indicator of an sbyte"] = t => t.Categorical.OneHotEncoding("F", "SByte"),
        ["Indicator of a byte"] = t => t.Categorical.OneHotEncoding("F", "Byte"),
        ["Indicator of a short"] = t => t.Categorical.OneHotEncoding("F", "Int16"),
        ["Indicator of a ushort"] = t => t.Categorical.OneHotEncoding("F", "UInt16"),
        ["Indicator of an int"] = t => t.Categorical.OneHotEncoding("F", "Count"),
        ["Indicator of a uint"] = t => t.Categorical.OneHotEncoding("F", "UInt32"),
        ["Indicator of a long"] = t => t.Categorical.OneHotEncoding("F", "Int64"),
        ["Indicator of a ulong"] = t => t.Categorical.OneHotEncoding("F", "UInt64"),
        ["Vector of a key of the data"] = t => t.Conversion.MapKeyToVector("F", "Key"),
        ["Binary code of a key of the data"] = t => t.Conversion.MapKeyToBinaryVector("F", "Key"),
        ["Key of a number, back to the number"] = t => t.Conversion.MapValueToKey("K", "SByte")
            .Append(t.Conversion.MapKeyToValue("V", "K")).Append(t.Conversion.ConvertType("F", "V")),
        ["Key of a text, back to the text"] = t => t.Conversion.MapValueToKey("K", "Colour")
            .Append(t.Conversion.MapKeyToValue("V", "K")).Append(t.Categorical.OneHotEncoding("F", "V")),
        ["Missing values replaced by 0"] = t => t.ReplaceMissingValues("F", "Size"),
        ["Missing values replaced by the mean"] = t => t.ReplaceMissingValues(
            "F", "Size", MissingValueReplacingEstimator.ReplacementMode.Mean),
        ["Missing values of a vector replaced by the means of its slots"] = t => t.ReplaceMissingValues(
            "F", "Shares", MissingValueReplacingEstimator.ReplacementMode.Mean),
        ["Missing values of a vector replaced by one mean"] = t => t.ReplaceMissingValues(
            "F", "Shares", MissingValueReplacingEstimator.ReplacementMode.Mean, imputeBySlot: false),
        ["Missing values replaced by the largest"] = t => t.ReplaceMissingValues(
            "F", "Shares", MissingValueReplacingEstimator.ReplacementMode.Maximum),
        ["Missing doubles replaced, then converted"] = t => t.ReplaceMissingValues(
                "D", "Weight", MissingValueReplacingEstimator.ReplacementMode.Mean)
            .Append(t.Conversion.ConvertType("F", "D")),
        ["Missing values indicated"] = t => t.IndicateMissingValues("I", "Size").Append(t.Conversion.ConvertType("F", "I")),
        ["Missing values of a vector indicated and replaced"] = t => t.IndicateMissingValues("I", "Shares")
            .Append(t.Conversion.ConvertType("G", "I")).Append(t.ReplaceMissingValues("H", "Shares"))
            .Append(t.Concatenate("F", "G", "H")),
        ["Missing doubles indicated"] = t => t.IndicateMissingValues("I", "Weight").Append(t.Conversion.ConvertType("F", "I")),
        ["Converted truth value"] = t => t.Conversion.ConvertType("F", "Flag"),
        ["Converted sbyte"] = t => t.Conversion.ConvertType("F", "SByte"),
        ["Converted byte"] = t => t.Conversion.ConvertType("F", "Byte"),
        ["Converted short"] = t => t.Conversion.ConvertType("F", "Int16"),
        ["Converted ushort"] = t => t.Conversion.ConvertType("F", "UInt16"),
        ["Converted int"] = t => t.Conversion.ConvertType("F", "Count"),
        ["Converted uint"] = t => t.Conversion.ConvertType("F", "UInt32"),
        ["Converted long"] = t => t.Conversion.ConvertType("F", "Int64"),
        ["Converted ulong"] = t => t.Conversion.ConvertType("F", "UInt64"),
        ["Converted vector of doubles"] = t => t.Conversion.ConvertType("F", "Pair"),
        ["Converted to a truth value and to a text"] = t => t.Conversion.ConvertType("B", "Count", DataKind.Boolean)
            .Append(t.Conversion.ConvertType("T", "B", DataKind.String)).Append(t.Categorical.OneHotEncoding("F", "T")),
        ["Converted int to a text"] = t => t.Conversion.ConvertType("T", "Count", DataKind.String)
            .Append(t.Categorical.OneHotEncoding("F", "T")),
        ["Converted ulong to a text"] = t => t.Conversion.ConvertType("T", "UInt64", DataKind.String)
            .Append(t.Categorical.OneHotEncoding("F", "T")),
        ["Converted to a wider integer"] = t => t.Conversion.ConvertType("L", "Int16", DataKind.Int64)
            .Append(t.Conversion.ConvertType("F", "L")),
        ["L1 norm"] = t => Clean(t).Append(t.NormalizeLpNorm("F", "C", LpNormNormalizingEstimatorBase.NormFunction.L1)),
        ["L2 norm"] = t => Clean(t).Append(t.NormalizeLpNorm("F", "C")),
        ["L2 norm of centered rows"] = t => Clean(t).Append(t.NormalizeLpNorm("F", "C", ensureZeroMean: true)),
        ["Largest norm"] = t => Clean(t).Append(t.NormalizeLpNorm("F", "C", LpNormNormalizingEstimatorBase.NormFunction.Infinity)),
        ["Standard deviation"] = t => Clean(t).Append(
            t.NormalizeLpNorm("F", "C", LpNormNormalizingEstimatorBase.NormFunction.StandardDeviation)),
        ["Global contrast"] = t => Clean(t).Append(t.NormalizeGlobalContrast("F", "C", scale: 3)),
        ["Global contrast by the deviation"] = t => Clean(t).Append(
            t.NormalizeGlobalContrast("F", "C", ensureZeroMean: false, ensureUnitStandardDeviation: true)),
        ["Norm of rows of zeros"] = t => t.Conversion.MapKeyToVector("V", "Key").Append(t.NormalizeLpNorm("F", "V")),
        ["Bins"] = t => t.NormalizeBinning("F", "Size", maximumBinCount: 6),
        ["Bins, zeros moved"] = t => t.NormalizeBinning("F", "Size", fixZero: false, maximumBinCount: 6),
        ["Bins of a vector"] = t => t.NormalizeBinning("F", "Shares", maximumBinCount: 7),
        ["Bins of doubles"] = t => t.NormalizeBinning("D", "Pair", maximumBinCount: 7).Append(t.Conversion.ConvertType("F", "D")),
        ["Distribution function"] = t => t.NormalizeMeanVariance("F", "Shares", useCdf: true),
        ["Distribution function of the logarithm"] = t => t.NormalizeLogMeanVariance("F", "Shares"),
        ["Distribution function of a number"] = t => t.NormalizeLogMeanVariance("F", "Size"),
        ["Affine normalizer of doubles"] = t => t.NormalizeMinMax("D", "Pair", fixZero: false).Append(t.Conversion.ConvertType("F", "D")),
        ["Copied, dropped and joined"] = t => t.CopyColumns("Copy", "Colour").Append(t.DropColumns("Colour"))
            .Append(t.Categorical.OneHotEncoding("Colour", "Copy")).Append(t.Conversion.ConvertType("Flag"))
            .Append(t.Concatenate("Texts", "Copy", "Tags")).Append(t.Categorical.OneHotEncoding("Texts"))
            .Append(t.Concatenate("F", "Flag", "Colour", "Texts")),
    };

    private readonly TemporaryFile _file = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _train;
    private readonly IDataView _test;

    public StepTests()
    {
        _train = _mlContext.Data.LoadFromEnumerable(MixedRow.Make(Rows, seed: 1, areUnknown: false));
        _test = _mlContext.Data.LoadFromEnumerable(MixedRow.Make(Rows, seed: 2, areUnknown: true));
    }

    public static TheoryData<string> Steps => [.. s_steps.Keys];

    public void Dispose() => _file.Dispose();

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_step_gives_ML_NET_s_values_fitted_and_loaded(string step)
    {
        ITransformer chain = Chain(s_steps[step](_mlContext.Transforms));
        foreach (ITransformer model in new[] { chain, Reload(chain) })
        {
            _mlContext.Model.SaveOnnx(model, _train.Schema, _file.Path);
            OnnxOutputs outputs = OnnxRows.Run(_file.Path, _test);

            float[][] expected = [.. model.Transform(_test).GetColumn<float[]>("Score")];
            Assert.Contains(expected, row => float.IsFinite(row[0]));
            AssertClose(expected, outputs.Get<float>("score", expected[0].Length));
        }
    }

    [Fact]
    public void One_row_alone_gives_the_same_as_among_others()
    {
        ITransformer chain = Chain(s_steps["Copied, dropped and joined"](_mlContext.Transforms));
        _mlContext.Model.SaveOnnx(chain, _train.Schema, _file.Path);
        IDataView one = _mlContext.Data.LoadFromEnumerable(MixedRow.Make(1, seed: 3, areUnknown: true));

        OnnxOutputs outputs = OnnxRows.Run(_file.Path, one);

        float[][] expected = [.. chain.Transform(one).GetColumn<float[]>("Score")];
        AssertClose(expected, outputs.Get<float>("score", expected[0].Length));
    }

    [Fact]
    public void A_table_of_every_kind_of_column_gives_ML_NET_s_values()
    {
        TransformsCatalog t = _mlContext.Transforms;
        ITransformer chain = Chain(t.Categorical.OneHotEncoding([new("Colour"), new("Tags")])
            .Append(t.Conversion.MapKeyToVector("Key"))
            .Append(t.IndicateMissingValues([new("NoSize", "Size"), new("NoShares", "Shares")]))
            .Append(t.ReplaceMissingValues([new("Size"), new("Shares")], MissingValueReplacingEstimator.ReplacementMode.Mean))
            .Append(t.Conversion.ConvertType([new("NoSize"), new("NoShares"), new("Flag"), new("Count")]))
            .Append(t.Concatenate("F", "Colour", "Tags", "Key", "NoSize", "NoShares", "Size", "Shares", "Flag", "Count"))
            .Append(t.NormalizeMeanVariance("F")));
        _mlContext.Model.SaveOnnx(chain, _train.Schema, _file.Path);

        OnnxOutputs outputs = OnnxRows.Run(_file.Path, _test);

        float[][] expected = [.. chain.Transform(_test).GetColumn<float[]>("Score")];
        Assert.All(expected, row => Assert.True(float.IsFinite(row[0])));
        AssertClose(expected, outputs.Get<float>("score", expected[0].Length));
    }

    private static EstimatorChain<MissingValueReplacingTransformer> Clean(TransformsCatalog transforms) =>
        new EstimatorChain<ITransformer>().Append(transforms.ReplaceMissingValues("C", "Shares"));

    /// <summary>Rounding is relative to the largest score: near 0, the terms of a sum almost cancel out.</summary>
    private static void AssertClose(float[][] expected, float[] actual)
    {
        float unit = Math.Max(1e-20f, expected.SelectMany(row => row).Where(float.IsFinite).Max(Math.Abs));
        Check.CloseOrMissing([.. expected.SelectMany(row => row).Select(value => value / unit)], [.. actual.Select(value => value / unit)]);
    }

    private ITransformer Chain(IEstimator<ITransformer> steps)
    {
        IEstimator<ITransformer> pipeline = steps.Append(_mlContext.Transforms.Concatenate("Features", "F"))
            .Append(_mlContext.Transforms.Concatenate("Targets", "Target", "Target"));
        ITransformer start = pipeline.Fit(_train);
        var trainer = _mlContext.Regression.Trainers.TwoLayerNetwork(new TwoLayerNetworkRegressionTrainer.Options
        {
            LabelColumnName = "Targets",
            HiddenUnits = 8,
            NumberOfEpochs = 1,
            Activation = Activation.Tanh,
            Seed = 1,
        });
        return new TransformerChain<ITransformer>(start, trainer.Fit(start.Transform(_train)));
    }

    private ITransformer Reload(ITransformer chain)
    {
        using var zip = new MemoryStream();
        _mlContext.Model.Save(chain, _train.Schema, zip);
        zip.Position = 0;
        return new MLContext().Model.Load(zip, out _);
    }
}
