using System.Collections.Immutable;
using MnistMlNet.Data;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>Chooses the threshold of each label with the highest F1 score on the validation rows.</summary>
/// <remarks><c>F1 = 2 TP / (2 TP + FP + FN)</c> over the rows whose answer is known; of equal scores the highest threshold.</remarks>
internal static class ThresholdSearch
{
    private const float Default = 0.5f;

    public static ImmutableArray<float> Run(Predictor predictor, PreparedRows prepared)
    {
        PackedRows rows = prepared.Validation.Rows ?? prepared.Set.Rows.Sample;
        int[] places = prepared.Validation.Rows is null ? prepared.Split!.Validation : [.. Enumerable.Range(0, rows.RowCount)];
        float[] buffer = new float[rows.InputCount];
        float[][] probabilities = [.. places.Select(place =>
        {
            float[] ofRow = new float[rows.TargetCount];
            predictor.Predict(rows.Expand(place, buffer), ofRow);
            return ofRow;
        })];
        return [.. Enumerable.Range(0, rows.TargetCount).Select(k =>
            Choose([.. places.Select((place, r) => (probabilities[r][k], rows.TargetsOf(place)[k]))]))];
    }

    /// <summary>The threshold of one label.</summary>
    /// <param name="rows">The probability and the answer of each row: 0, 1, or NaN for an unknown one.</param>
    public static float Choose(IReadOnlyList<(float Probability, float Answer)> rows)
    {
        (float Probability, float Answer)[] known =
            [.. rows.Where(row => !float.IsNaN(row.Answer) && !float.IsNaN(row.Probability)).OrderByDescending(row => row.Probability)];
        int positives = known.Count(row => row.Answer == 1), found = 0;
        if (positives == 0)
        {
            return Default;
        }

        float threshold = Default;
        double best = -1;
        for (int n = 0; n < known.Length; n++)
        {
            found += known[n].Answer == 1 ? 1 : 0;
            float next = n + 1 < known.Length ? known[n + 1].Probability : 0;

            // Rows of equal probability are on the same side of every threshold. n + 1 predicted: F1 = 2 TP / (predicted + positives).
            double score = next == known[n].Probability ? -1 : 2.0 * found / (n + 1 + positives);
            if (score > best)
            {
                best = score;
                threshold = (known[n].Probability + next) / 2;

                // Between neighbouring floats there is none: the midpoint may be rounded to the lower one.
                threshold = threshold > next ? threshold : known[n].Probability;
            }
        }

        return threshold;
    }
}
