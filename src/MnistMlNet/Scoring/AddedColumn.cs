using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Data;

namespace MnistMlNet.Scoring;

/// <summary>A column that a scorer adds to its input.</summary>
/// <param name="GetGetter">Makes the getter of the column from the scores of a row.</param>
internal sealed record AddedColumn(
    string Name, DataViewType Type, DataViewSchema.Annotations Annotations, Func<ScoreGetters, Delegate> GetGetter);

/// <summary>The columns of each task, with the annotations by which ML.NET's evaluators find them.</summary>
internal static class AddedColumns
{
    /// <summary><c>PredictedLabel</c>, a key, and <c>Score</c>, the class probabilities.</summary>
    public static AddedColumn[] Multiclass(uint setId, int classCount, ClassLabels? labels)
    {
        DataViewSchema.Annotations.Builder predicted = Begin(
            setId, AnnotationNames.MulticlassClassification, AnnotationNames.PredictedLabel);
        labels?.AddTo(predicted, AnnotationNames.KeyValues);
        DataViewSchema.Annotations.Builder score = Begin(setId, AnnotationNames.MulticlassClassification, AnnotationNames.Score);
        labels?.AddTo(score, AnnotationNames.TrainingLabelValues);

        // ML.NET gives slot names for text only (dotnet/machinelearning #6087); the text of a number is a name as well.
        AddSlotNames(score, labels?.Texts ?? []);
        return
        [
            new AddedColumn(
                AnnotationNames.PredictedLabel, new KeyDataViewType(typeof(uint), classCount), predicted.ToAnnotations(),
                getters => new ValueGetter<uint>(getters.GetPredictedKey)),
            new AddedColumn(
                AnnotationNames.Score, new VectorDataViewType(NumberDataViewType.Single, classCount), score.ToAnnotations(),
                getters => new ValueGetter<VBuffer<float>>(getters.GetScores)),
        ];
    }

    /// <summary><c>Score</c>: a number, or a vector of numbers with the slot names of the label.</summary>
    public static AddedColumn[] Regression(uint setId, int outputCount, bool isVector, ImmutableArray<string> names)
    {
        DataViewSchema.Annotations.Builder score = Begin(setId, AnnotationNames.Regression, AnnotationNames.Score);
        if (!isVector)
        {
            return [new AddedColumn(
                AnnotationNames.Score, NumberDataViewType.Single, score.ToAnnotations(),
                getters => new ValueGetter<float>(getters.GetScore))];
        }

        AddSlotNames(score, names);
        return [new AddedColumn(
            AnnotationNames.Score, new VectorDataViewType(NumberDataViewType.Single, outputCount), score.ToAnnotations(),
            getters => new ValueGetter<VBuffer<float>>(getters.GetScores))];
    }

    /// <summary><c>PredictedLabel</c> and <c>Probability</c>, vectors with the slot names of the label.</summary>
    public static AddedColumn[] Multilabel(uint setId, ImmutableArray<float> thresholds, ImmutableArray<string> names)
    {
        DataViewSchema.Annotations.Builder predicted = Begin(setId, AnnotationNames.Multilabel, AnnotationNames.PredictedLabel);
        AddSlotNames(predicted, names);
        DataViewSchema.Annotations.Builder probability = Begin(setId, AnnotationNames.Multilabel, AnnotationNames.Probability);
        AddSlotNames(probability, names);
        return
        [
            new AddedColumn(
                AnnotationNames.PredictedLabel, new VectorDataViewType(BooleanDataViewType.Instance, thresholds.Length),
                predicted.ToAnnotations(),
                getters => new ValueGetter<VBuffer<bool>>((ref VBuffer<bool> labels) => getters.GetAnswers(thresholds, ref labels))),
            new AddedColumn(
                AnnotationNames.Probability, new VectorDataViewType(NumberDataViewType.Single, thresholds.Length),
                probability.ToAnnotations(),
                getters => new ValueGetter<VBuffer<float>>(getters.GetScores)),
        ];
    }

    private static DataViewSchema.Annotations.Builder Begin(uint setId, string kind, string valueKind)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddText(builder, AnnotationNames.ScoreColumnKind, kind);
        AddText(builder, AnnotationNames.ScoreValueKind, valueKind);
        builder.Add(AnnotationNames.ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), (ref uint destination) =>
            destination = setId);
        return builder;
    }

    private static void AddSlotNames(DataViewSchema.Annotations.Builder builder, ImmutableArray<string> names)
    {
        if (names.Length > 0)
        {
            ClassLabels.Create(TextDataViewType.Instance, names.Select(name => name.AsMemory()).ToArray())
                .AddTo(builder, AnnotationNames.SlotNames);
        }
    }

    private static void AddText(DataViewSchema.Annotations.Builder builder, string name, string value) =>
        builder.Add(name, TextDataViewType.Instance, (ref ReadOnlyMemory<char> destination) => destination = value.AsMemory());
}
