using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitRecognition;

/// <summary>Reads the columns that a model adds.</summary>
internal static class Predictions
{
    /// <summary>
    /// The predictions of all rows, in their order, from <c>PredictedLabel</c> (text) and <c>Score</c> (a probability a class).
    /// </summary>
    public static IEnumerable<Prediction> Read(IDataView scored)
    {
        DataViewSchema.Column labelColumn = scored.Schema["PredictedLabel"];
        DataViewSchema.Column scoreColumn = scored.Schema["Score"];
        using DataViewRowCursor cursor = scored.GetRowCursor([labelColumn, scoreColumn]);
        ValueGetter<ReadOnlyMemory<char>> getLabel = cursor.GetGetter<ReadOnlyMemory<char>>(labelColumn);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(scoreColumn);
        ReadOnlyMemory<char> label = default;
        VBuffer<float> score = default;
        while (cursor.MoveNext())
        {
            getLabel(ref label);
            getScore(ref score);
            yield return new Prediction(label.ToString(), score.DenseValues().Max());
        }
    }
}
