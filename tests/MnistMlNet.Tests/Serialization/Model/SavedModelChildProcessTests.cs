using Microsoft.ML;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Serialization.Model;

/// <summary>The purpose of the extensibility layer: another process loads a model with only <c>new MLContext().Model.Load</c>.</summary>
public sealed class SavedModelChildProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_process_that_knows_ML_NET_only_gets_the_same_scores_to_the_bit(bool chain)
    {
        IDataView data = chain ? Examples.View(_mlContext, Examples.Rows(60)) : Examples.Keyed(_mlContext, Examples.Rows(60));
        IEstimator<ITransformer> pipeline = Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 60);
        if (chain)
        {
            pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label").Append(_mlContext.Transforms.NormalizeMinMax("Features"))
                .Append(pipeline);
        }

        ITransformer model = pipeline.Fit(data);
        _mlContext.Model.Save(model, data.Schema, _folder.File("model.zip"));
        using (FileStream view = File.Create(_folder.File("rows.idv")))
        {
            _mlContext.Data.SaveAsBinary(data, view);
        }

        string output = Run(_folder.File("model.zip"), _folder.File("rows.idv"), _folder.File("scores.bin"));

        IDataView scored = model.Transform(data);
        byte[] expected =
        [
            .. Examples.Scores(scored).SelectMany(score => score).SelectMany(PayloadBytes.Single),
            .. Examples.PredictedLabels(scored).SelectMany(key => PayloadBytes.Int32((int)key)),
        ];
        Assert.Contains(chain ? "TransformerChain" : "MnistMlNet.TwoLayerNetworkTransformer", output, StringComparison.Ordinal);
        Assert.Equal(60 * 3 * 4 + 60 * 4, expected.Length);
        Assert.Equal(expected, File.ReadAllBytes(_folder.File("scores.bin")));
    }

    private static string Run(params string[] arguments) =>
        ChildProcess.Run(ChildProcess.DotNet,
            ["exec", Path.Combine(AppContext.BaseDirectory, "MnistMlNet.Tests.Loader.dll"), "score", .. arguments]);
}
