using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>Models of ours inside ML.NET's own transformers, saved and loaded.</summary>
/// <remarks>They run alone, since they replace the reader of payloads.</remarks>
[Collection(nameof(RunsAlone))]
public sealed class ModelParametersLoaderTests : IDisposable
{
    private readonly Func<IHostEnvironment, Stream, LoadableModelParametersBase>? _factory = ModelParametersLoader.Factory;
    private readonly MLContext _mlContext = new(seed: 1);

    public ModelParametersLoaderTests() => ModelParametersLoader.Factory = (_, stream) => LinearModel.Read(stream);

    public void Dispose() => ModelParametersLoader.Factory = _factory;

    [Fact]
    public void Load_BinaryTransformer_HasTheTypeTheModelTheThresholdAndTheScoresOfTheSavedOne()
    {
        IDataView data = Rows();
        BinaryPredictionTransformer<LinearModel> saved = _mlContext.BinaryClassification.ChangeModelThreshold(
            new CentroidTrainer(_mlContext).Fit(data), 20f);

        var loaded = Assert.IsType<BinaryPredictionTransformer<LinearModel>>(Last(Load(Save(saved, data.Schema))));

        Assert.Equal(saved.Model.Weights, loaded.Model.Weights);
        Assert.Equal(saved.Model.Bias, loaded.Model.Bias);
        Assert.Equal("Features", loaded.FeatureColumnName);
        Assert.Equal(saved.Transform(data).GetColumn<float>("Score"), loaded.Transform(data).GetColumn<float>("Score"));
        Assert.Equal(
            saved.Transform(data).GetColumn<float>("Score").Select(score => score > 20),
            loaded.Transform(data).GetColumn<bool>("PredictedLabel"));
        Assert.Equal(SchemaText.Lines(saved.Transform(data).Schema), SchemaText.Lines(loaded.Transform(data).Schema));
    }

    [Fact]
    public void Load_ModelsInsideMetaTrainers_GiveTheSameScores()
    {
        // Three classes: of two, PairwiseCoupling would train one model on positive rows only.
        IDataView view = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 21).Select(i =>
            new ClassRow { Label = $"{i % 3}", Features = [i % 3 == 0 ? 1 : 0.01f * i, i % 3 == 1 ? 1 : 0] }));
        IDataView data = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers = _mlContext.MulticlassClassification.Trainers;
        CentroidTrainer binary = new(_mlContext);
        ITransformer[] models =
        [
            trainers.OneVersusAll(binary).Fit(data), trainers.OneVersusAll(binary, useProbabilities: false).Fit(data),
            trainers.PairwiseCoupling(binary).Fit(data),
        ];

        foreach (ITransformer model in models)
        {
            ITransformer loaded = Load(Save(model, data.Schema));

            Assert.Equal(Examples.Scores(model.Transform(data)), Examples.Scores(loaded.Transform(data)));
        }
    }

    [Fact]
    public void Save_ALoadedModel_GivesTheSameModelBlock()
    {
        IDataView data = Rows();
        byte[] first = Save(new CentroidTrainer(_mlContext).Fit(data), data.Schema);

        byte[] second = Save(Load(first), data.Schema);

        Assert.Equal(ModelBlock(first), ModelBlock(second));
    }

    [Fact]
    public void Load_NoReaderIsRegistered_SaysSo()
    {
        IDataView data = Rows();
        byte[] saved = Save(new CentroidTrainer(_mlContext).Fit(data), data.Schema);
        ModelParametersLoader.Factory = null;

        Exception error = Assert.ThrowsAny<Exception>(() => Load(saved));

        Assert.Contains(Causes(error), cause => cause.Message.Contains("did not register its reader", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_PayloadThatIsNotReadToItsEnd_IsRefusedAsABuiltInModelIs()
    {
        IDataView data = Rows();
        byte[] saved = Save(new CentroidTrainer(_mlContext).Fit(data), data.Schema);
        ModelParametersLoader.Factory = (_, stream) => new LinearModel([stream.ReadByte()], 0);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Load(saved));

        Assert.Contains(Causes(error), cause => cause is InvalidDataException
            && cause.Message.StartsWith("The payload was read up to byte 1;", StringComparison.Ordinal));
    }

    private static ITransformer Last(ITransformer model) =>
        model is TransformerChain<ITransformer> chain ? chain.LastTransformer : model;

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
        }
    }

    private static ITransformer Load(byte[] file) => new MLContext().Model.Load(new MemoryStream(file), out _);

    private static byte[] ModelBlock(byte[] file)
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(file));
        using Stream block = zip.Entries.Single(entry => entry.FullName.Replace('\\', '/').EndsWith("/Model/Model.key",
            StringComparison.Ordinal)).Open();
        using var content = new MemoryStream();
        block.CopyTo(content);
        return content.ToArray();
    }

    private byte[] Save(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    private IDataView Rows() => _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i =>
        new BinaryRow { Label = i % 2 == 0, Features = [i % 2 == 0 ? 3 + i : -i, i] }));
}
