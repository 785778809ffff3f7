using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>ML.NET's multiclass trainers that train a binary trainer of ours for each class or each pair of classes.</summary>
public sealed class MetaTrainerTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void OneVersusAll_UsesTheProbabilitiesOfTheModelsAndTrainsNoCalibrator()
    {
        (int Class, float[] Features)[] rows = Clusters.Rows(3, 30);
        IDataView data = Keyed(rows);

        IDataView byProbability = OneVersusAll(useProbabilities: true).Fit(data).Transform(data);
        IDataView byScore = OneVersusAll(useProbabilities: false).Fit(data).Transform(data);

        LinearModel[] models = [.. Enumerable.Range(0, 3).Select(c =>
            CentroidTrainer.Train(rows.Select(row => (row.Class == c, row.Features))))];
        float[][] logits = [.. rows.Select(row => models.Select(model => Logit(model, row.Features)).ToArray())];
        Assert.Equal(logits, byScore.GetColumn<float[]>("Score"));
        Assert.Equal(
            logits.SelectMany(row => row.Select(logit => LinearModel.Logistic(logit) / row.Sum(LinearModel.Logistic))),
            byProbability.GetColumn<float[]>("Score").SelectMany(row => row), Near);
        Assert.Equal(1, _mlContext.MulticlassClassification.Evaluate(byProbability).MacroAccuracy);
    }

    [Fact]
    public void PairwiseCoupling_SeparableClasses_FindsThem()
    {
        IDataView data = Keyed(Clusters.Rows(3, 30));

        IDataView scored = _mlContext.MulticlassClassification.Trainers.PairwiseCoupling(new CentroidTrainer(_mlContext))
            .Fit(data).Transform(data);

        Assert.Equal(1, _mlContext.MulticlassClassification.Evaluate(scored).MacroAccuracy);
        Assert.All(scored.GetColumn<float[]>("Score"), row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    private static float Logit(LinearModel model, float[] features)
    {
        model.ScoreBinary(new VBuffer<float>(features.Length, features), out float logit, out _);
        return logit;
    }

    private static bool Near(float expected, float actual) => MathF.Abs(expected - actual) < 1e-6f;

    private OneVersusAllTrainer OneVersusAll(bool useProbabilities) =>
        _mlContext.MulticlassClassification.Trainers.OneVersusAll(
            new CentroidTrainer(_mlContext), useProbabilities: useProbabilities);

    private IDataView Keyed((int Class, float[] Features)[] rows)
    {
        IDataView view = _mlContext.Data.LoadFromEnumerable(
            rows.Select(row => new ClassRow { Label = $"{row.Class}", Features = row.Features }));
        return _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }
}
