using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Benchmarks.Data;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>What a learner gets of one fold: rows to train on and rows to score.</summary>
/// <param name="Train">The rows of the other folds, in the table's order.</param>
/// <param name="TrainLabels">Their classes.</param>
/// <param name="Test">The rows of this fold.</param>
/// <param name="TestRows">Their places in the table.</param>
internal sealed record FoldData(float[][] Train, int[] TrainLabels, float[][] Test, int[] TestRows, int ClassCount)
{
    /// <param name="rows">The table.</param>
    /// <param name="repetition">Which folds.</param>
    /// <param name="fold">The fold to score.</param>
    /// <param name="isStandardized">
    /// Whether features get mean 0 and deviation 1 by the training rows. Missing values become the mean of the training rows in any case.
    /// </param>
    public static FoldData Create(TableRows rows, int repetition, int fold, bool isStandardized)
    {
        FoldFeatures parts = FoldFeatures.Create(rows.Features, rows.Folds[repetition], fold, isStandardized);
        return new FoldData(parts.Train, [.. parts.TrainRows.Select(row => rows.Labels[row])], parts.Test, parts.TestRows, rows.ClassCount);
    }

    public IDataView TrainView(MLContext mlContext) => View(mlContext, Train, TrainLabels);

    /// <summary>The rows to score. Their labels aren't given away.</summary>
    public IDataView TestView(MLContext mlContext) => View(mlContext, Test, new int[Test.Length]);

    private IDataView View(MLContext mlContext, float[][] features, int[] labels)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(DenseRow));
        schema[nameof(DenseRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features[0].Length);
        schema[nameof(DenseRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), ClassCount);
        return mlContext.Data.LoadFromEnumerable(
            features.Zip(labels, (x, label) => new DenseRow { Features = x, Label = (uint)label }).ToList(), schema);
    }
}
