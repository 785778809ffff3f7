using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.OnnxTests;

/// <summary>Random chains: some of the columns in any order, each with a random normalizer, once or twice.</summary>
public sealed class RandomChainTests : IDisposable
{
    private static readonly Func<TransformsCatalog, string, IEstimator<ITransformer>>[] s_normalizers =
    [
        (transforms, column) => transforms.NormalizeMinMax(column),
        (transforms, column) => transforms.NormalizeMinMax(column, fixZero: false),
        (transforms, column) => transforms.NormalizeMeanVariance(column),
        (transforms, column) => transforms.NormalizeMeanVariance(column, fixZero: false),
        (transforms, column) => transforms.NormalizeRobustScaling(column, centerData: true),
        (transforms, column) => transforms.CopyColumns(column, column),
    ];

    private readonly TemporaryFile _file = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly Measurement[] _rows = Measurement.Rows(60);

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Thirty_random_chains_predict_the_same()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable(_rows);
        for (int i = 0; i < 30; i++)
        {
            var random = new Random(i);
            string[] columns = ["Length", "Width", "Colour"];
            random.Shuffle(columns);
            columns = columns[..random.Next(1, columns.Length + 1)];
            ITransformer chain = Chain(random, columns).Fit(data);
            _mlContext.Model.SaveOnnx(chain, data.Schema, _file.Path);

            using var model = new OnnxModel(_file.Path);
            Assert.Equal(columns.Order(), model.Inputs.Order());
            (float[] probabilities, string[] labels) = model.Run<string>(_rows.Length,
                [.. columns.Select(column => (column, Values(column)))]);

            IDataView scored = chain.Transform(data);
            Check.Close([.. scored.GetColumn<float[]>("Score").SelectMany(row => row)], probabilities);
            Assert.Equal(scored.GetColumn<string>("PredictedLabel"), labels);
        }
    }

    private IEstimator<ITransformer> Chain(Random random, string[] columns)
    {
        IEstimator<ITransformer> chain = _mlContext.Transforms.Conversion.MapValueToKey("Text");
        foreach (string column in columns)
        {
            for (int times = random.Next(1, 3); times > 0; times--)
            {
                chain = chain.Append(s_normalizers[random.Next(s_normalizers.Length)](_mlContext.Transforms, column));
            }
        }

        return chain
            .Append(_mlContext.Transforms.Concatenate("Features", columns))
            .Append(_mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(new TwoLayerNetworkTrainer.Options
            {
                LabelColumnName = "Text",
                HiddenUnits = random.Next(1, 40),
                Activation = (Activation)random.Next(Enum.GetValues<Activation>().Length),
                NumberOfEpochs = 5,
                Seed = 1,
            }))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    }

    private float[] Values(string column) => column switch
    {
        "Length" => [.. _rows.Select(row => row.Length)],
        "Width" => [.. _rows.Select(row => row.Width)],
        _ => [.. _rows.SelectMany(row => row.Colour)],
    };
}
