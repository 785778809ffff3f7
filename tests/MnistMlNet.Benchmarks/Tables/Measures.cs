using MnistMlNet.Benchmarks.Accuracy;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>How good a learner's probabilities are; over all rows of a repetition, each scored by the model that didn't see it.</summary>
/// <param name="Accuracy">The share of rows whose class has the largest probability.</param>
/// <param name="LogLoss">Mean of -ln p of the row's class, p clipped at 1e-15.</param>
/// <param name="CalibrationError">Expected calibration error of the largest probability, 15 bins.</param>
internal sealed record Measures(double Accuracy, double LogLoss, double CalibrationError)
{
    private const double LeastProbability = 1e-15;

    public static Measures Of(float[][] probabilities, int[] labels)
    {
        var predictions = new List<(float Confidence, bool Correct)>(labels.Length);
        double loss = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            float[] p = probabilities[row];
            float largest = p.Max();
            predictions.Add((largest, Array.IndexOf(p, largest) == labels[row]));

            // Max gives the other number for NaN as well: a learner that says nothing is taken to say 0.
            loss -= Math.Log(Math.Clamp(double.IsNaN(p[labels[row]]) ? 0 : p[labels[row]], LeastProbability, 1));
        }

        return new Measures((double)predictions.Count(prediction => prediction.Correct) / labels.Length, loss / labels.Length,
            Calibration.ExpectedError(predictions));
    }

    public static Measures Mean(IReadOnlyList<Measures> all) => new(
        all.Average(each => each.Accuracy), all.Average(each => each.LogLoss), all.Average(each => each.CalibrationError));
}
