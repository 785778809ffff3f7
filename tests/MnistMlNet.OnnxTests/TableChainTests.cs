using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MnistMlNet.OnnxTests;

/// <summary>Chains over tables: several columns, each with a different normalizer, and labels of every type.</summary>
public sealed class TableChainTests : IDisposable
{
    private static readonly Dictionary<string, Func<TransformsCatalog, InputOutputColumnPair[], NormalizingEstimator>> s_normalizers = new()
    {
        ["MinMax"] = (transforms, columns) => transforms.NormalizeMinMax(columns),
        ["MinMax, zeros moved"] = (transforms, columns) => transforms.NormalizeMinMax(columns, fixZero: false),
        ["MeanVariance"] = (transforms, columns) => transforms.NormalizeMeanVariance(columns),
        ["MeanVariance, zeros moved"] = (transforms, columns) => transforms.NormalizeMeanVariance(columns, fixZero: false),
        ["RobustScaling"] = (transforms, columns) => transforms.NormalizeRobustScaling(columns, centerData: false),
        ["RobustScaling, zeros moved"] = (transforms, columns) => transforms.NormalizeRobustScaling(columns, centerData: true),
        ["LogMeanVariance without its distribution function"] = (transforms, columns) =>
            transforms.NormalizeLogMeanVariance(columns, useCdf: false),
    };

    private readonly TemporaryFile _file = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly Measurement[] _rows = Measurement.Rows(90);
    private readonly IDataView _data;

    public TableChainTests()
    {
        _data = _mlContext.Data.LoadFromEnumerable(_rows);
    }

    public static TheoryData<string> Normalizers => [.. s_normalizers.Keys];

    public void Dispose() => _file.Dispose();

    [Theory]
    [MemberData(nameof(Normalizers))]
    public void Every_affine_normalizer_scales_scalars_and_vectors_as_in_ML_NET(string normalizer)
    {
        ITransformer chain = _mlContext.Transforms.Conversion.MapValueToKey("Text")
            .Append(s_normalizers[normalizer](_mlContext.Transforms, [new("Length"), new("Colour"), new("Width")]))
            .Append(_mlContext.Transforms.Concatenate("Features", "Colour", "Width", "Length"))
            .Append(Trainer("Text"))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(_data);
        _mlContext.Model.SaveOnnx(chain, _data.Schema, _file.Path);

        (float[] probabilities, string[] labels) = Run<string>(_rows);

        IDataView scored = chain.Transform(_data);
        Check.Close([.. scored.GetColumn<float[]>("Score").SelectMany(row => row)], probabilities);
        Assert.Equal(scored.GetColumn<string>("PredictedLabel"), labels);
    }

    [Fact]
    public void Several_columns_each_normalized_in_its_way_are_concatenated_in_their_order() => AssertLabels<string>("Text");

    [Fact]
    public void Labels_of_32_bit_integers_come_out_as_they_are() => AssertLabels<int>("Int32");

    [Fact]
    public void Labels_of_64_bit_integers_come_out_as_they_are() => AssertLabels<long>("Int64");

    [Fact]
    public void Labels_of_16_bit_integers_come_out_as_they_are() => AssertLabels<short>("Int16");

    [Fact]
    public void Labels_of_16_bit_numbers_come_out_as_they_are() => AssertLabels<ushort>("UInt16");

    [Fact]
    public void Labels_of_32_bit_numbers_come_out_as_they_are() => AssertLabels<uint>("UInt32");

    [Fact]
    public void Labels_of_64_bit_numbers_come_out_as_they_are() => AssertLabels<ulong>("UInt64");

    [Fact]
    public void Labels_of_bytes_come_out_as_they_are() => AssertLabels<byte>("Byte");

    [Fact]
    public void Labels_of_signed_bytes_come_out_as_they_are() => AssertLabels<sbyte>("SByte");

    [Fact]
    public void Labels_of_floats_come_out_as_they_are() => AssertLabels<float>("Single");

    [Fact]
    public void Labels_of_doubles_come_out_as_they_are() => AssertLabels<double>("Double");

    [Fact]
    public void Labels_of_truth_values_come_out_as_they_are() => AssertLabels<bool>("Boolean");

    [Fact]
    public void Without_MapKeyToValue_the_label_is_the_name_of_the_class()
    {
        ITransformer chain = Beginning("Int32").Fit(_data);
        _mlContext.Model.SaveOnnx(chain, _data.Schema, _file.Path);

        string[] labels = Run<string>(_rows).Labels;

        Assert.Equal(_rows.Select(row => row.Int32.ToString(System.Globalization.CultureInfo.InvariantCulture)), labels);
    }

    [Fact]
    public void Chains_within_chains_copies_and_dropped_columns_are_followed()
    {
        IEstimator<ITransformer> inner = _mlContext.Transforms.NormalizeMinMax("Scaled", "Length", fixZero: false)
            .Append(_mlContext.Transforms.CopyColumns("Second", "Width"))
            .Append(_mlContext.Transforms.DropColumns("Length", "Width"));
        IEstimator<ITransformer> pipeline = inner
            .Append(_mlContext.Transforms.NormalizeMeanVariance("Second", fixZero: false))
            .Append(_mlContext.Transforms.Concatenate("Features", "Second", "Colour", "Scaled", "Second"))
            .Append(_mlContext.Transforms.SelectColumns("Features", "Text"))
            .Append(_mlContext.Transforms.Conversion.MapValueToKey("Text"))
            .Append(Trainer("Text"))
            .Append(_mlContext.Transforms.CopyColumns("Answer", "PredictedLabel"))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("Answer"));
        ITransformer chain = new TransformerChain<ITransformer>(pipeline.Fit(_data));
        _mlContext.Model.SaveOnnx(chain, _data.Schema, _file.Path);

        (float[] probabilities, string[] labels) = Run<string>(_rows);

        IDataView scored = chain.Transform(_data);
        Check.Close([.. scored.GetColumn<float[]>("Score").SelectMany(row => row)], probabilities);
        Assert.Equal(scored.GetColumn<string>("Answer"), labels);
    }

    [Fact]
    public void A_missing_value_gives_NaN_and_what_ML_NET_gives_for_a_missing_label()
    {
        AssertMissing("Text", "");
        AssertMissing("Int32", 0);
        AssertMissing("Double", double.NaN);
    }

    [Fact]
    public void Inside_ML_NET_ApplyOnnxModel_takes_the_same_columns()
    {
        ITransformer chain = WithValues("Single").Fit(_data);
        _mlContext.Model.SaveOnnx(chain, _data.Schema, _file.Path);

        ITransformer onnx = _mlContext.Transforms.ApplyOnnxModel(_file.Path).Fit(_data);
        IDataView applied = onnx.Transform(_data);

        Check.Close(
            [.. chain.Transform(_data).GetColumn<float[]>("Score").SelectMany(row => row)],
            [.. applied.GetColumn<float[]>("probabilities").SelectMany(row => row)]);
        Assert.Equal(_rows.Select(row => row.Single), applied.GetColumn<float[]>("label").Select(label => label.Single()));
        (onnx as IDisposable)?.Dispose();
    }

    private void AssertLabels<T>(string column)
    {
        ITransformer chain = WithValues(column).Fit(_data);
        _mlContext.Model.SaveOnnx(chain, _data.Schema, _file.Path);

        (float[] probabilities, T[] labels) = Run<T>(_rows);

        IDataView scored = chain.Transform(_data);
        Check.Close([.. scored.GetColumn<float[]>("Score").SelectMany(row => row)], probabilities);
        Assert.Equal(scored.GetColumn<T>("PredictedLabel"), labels);

        // The classes are well separated, so the predicted labels are those of the rows: only this detects a table that is mixed up on both
        // sides.
        Assert.Equal(_data.GetColumn<T>(column), labels);
    }

    private void AssertMissing<T>(string label, T missing)
    {
        Measurement[] rows = Measurement.Rows(3);
        rows[1].Width = float.NaN;
        ITransformer chain = WithValues(label).Fit(_data);
        _mlContext.Model.SaveOnnx(chain, _data.Schema, _file.Path);

        (float[] probabilities, T[] labels) = Run<T>(rows);

        IDataView scored = chain.Transform(_mlContext.Data.LoadFromEnumerable(rows));
        Assert.Equal(scored.GetColumn<T>("PredictedLabel"), labels);
        Assert.Equal(missing, labels[1]);
        float[] expected = [.. scored.GetColumn<float[]>("Score").SelectMany(row => row)];
        Assert.Equal(expected.Select(float.IsNaN), probabilities.Select(float.IsNaN));
        Assert.Equal([false, false, false, true, true, true, false, false, false], probabilities.Select(float.IsNaN));
    }

    private (float[] Probabilities, T[] Labels) Run<T>(Measurement[] rows)
    {
        using var model = new OnnxModel(_file.Path);
        Assert.Equal(["Colour", "Length", "Width"], model.Inputs.Order());
        Assert.Equal([-1, 1], model.Shape("Width"));
        Assert.Equal([-1, 3], model.Shape("Colour"));
        return model.Run<T>(
            rows.Length,
            ("Length", [.. rows.Select(row => row.Length)]), ("Width", [.. rows.Select(row => row.Width)]),
                ("Colour", [.. rows.SelectMany(row => row.Colour)]));
    }

    private IEstimator<ITransformer> Beginning(string label) => _mlContext.Transforms.Conversion.MapValueToKey(label)
        .Append(_mlContext.Transforms.NormalizeMinMax("Length", fixZero: false))
        .Append(_mlContext.Transforms.NormalizeMeanVariance([new InputOutputColumnPair("W", "Width"), new InputOutputColumnPair("Colour")],
            fixZero: false))
        .Append(_mlContext.Transforms.Concatenate("Features", "Length", "Colour", "W"))
        .Append(Trainer(label));

    private IEstimator<ITransformer> WithValues(string label) =>
        Beginning(label).Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    private TwoLayerNetworkTrainer Trainer(string label) => _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(
        new TwoLayerNetworkTrainer.Options
        {
            LabelColumnName = label,
            HiddenUnits = 8,
            NumberOfEpochs = 200,
            LearningRate = 0.02f,
            Seed = 1
        });
}
