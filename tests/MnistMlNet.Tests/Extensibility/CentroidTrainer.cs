using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>
/// The smallest binary trainer: the logit is 0 half-way between the mean of the positive rows and that of the negative rows, and grows
/// towards the former.
/// </summary>
internal sealed class CentroidTrainer(MLContext mlContext)
    : ITrainerEstimator<BinaryPredictionTransformer<LinearModel>, LinearModel>
{
    public TrainerInfo Info { get; } = SchemaFactory.CreateTrainerInfo(
        normalization: false, caching: false, supportsValidation: false, supportsIncrementalTraining: false);

    public static LinearModel Train(IEnumerable<(bool Label, float[] Features)> rows)
    {
        var byLabel = rows.ToLookup(row => row.Label, row => row.Features);
        float[] positive = Mean(byLabel[true]), negative = Mean(byLabel[false]);
        float[] weights = [.. positive.Zip(negative, (p, n) => p - n)];
        return new LinearModel(weights, -weights.Select((weight, i) => weight * (positive[i] + negative[i]) / 2).Sum());
    }

    public BinaryPredictionTransformer<LinearModel> Fit(IDataView input)
    {
        LinearModel model = Train(input.GetColumn<bool>("Label").Zip(input.GetColumn<float[]>("Features")));
        return BinaryTransformer.Create(
            mlContext.BinaryClassification.Trainers.GetEnvironment(), model, input.Schema, "Features");
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression().GetOutputSchema(inputSchema);

    private static float[] Mean(IEnumerable<float[]> rows)
    {
        float[][] all = [.. rows];
        return [.. Enumerable.Range(0, all[0].Length).Select(i => all.Average(row => row[i]))];
    }
}
