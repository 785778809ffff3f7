namespace MnistMlNet.Benchmarks.Family;

/// <summary>How good a learner's outputs are; over all rows of a repetition, each scored by the model that didn't see it.</summary>
/// <param name="Loss">
/// RMSE for one number. For several, each has another unit: the root of the mean of (RMSE / standard deviation)². For labels the mean
/// log-loss (natural logarithm, p clipped at 1e-15).
/// </param>
/// <param name="Second">R² (mean of the targets); AUC of a binary label; macro F1 of several, by a threshold of 0.5.</param>
internal sealed record FamilyMeasures(double Loss, double Second)
{
    private const double MinProbability = 1e-15;

    public static FamilyMeasures Of(FamilyTable table, float[][] outputs, float[][] targets)
    {
        (double Output, double Target)[][] byTarget = [.. Enumerable.Range(0, table.TargetCount).Select(k =>
            outputs.Zip(targets, (z, y) => ((double)z[k], (double)y[k])).ToArray())];
        if (!table.IsNumeric)
        {
            return new FamilyMeasures(byTarget.Average(LogLoss),
                table.Task == FamilyTask.Binary ? AreaUnderCurve(byTarget[0]) : byTarget.Average(F1));
        }

        double loss = Math.Sqrt(
            byTarget.Length == 1 ? SquaredError(byTarget[0]) : byTarget.Average(all => SquaredError(all) / Variance(all)));
        return new FamilyMeasures(loss, byTarget.Average(all => 1 - SquaredError(all) / Variance(all)));
    }

    public static FamilyMeasures Mean(IReadOnlyList<FamilyMeasures> all) =>
        new(all.Average(each => each.Loss), all.Average(each => each.Second));

    private static double SquaredError((double Output, double Target)[] all) =>
        all.Average(each => (each.Output - each.Target) * (each.Output - each.Target));

    private static double Variance((double Output, double Target)[] all)
    {
        double mean = all.Average(each => each.Target);
        return all.Average(each => (each.Target - mean) * (each.Target - mean));
    }

    // Clamp passes NaN on: a learner that gives no probability is scored as if it gave 0.
    private static double LogLoss((double Output, double Target)[] all) => all.Average(each =>
    {
        double p = each.Target > 0 ? each.Output : 1 - each.Output;
        return -Math.Log(Math.Clamp(double.IsNaN(p) ? 0 : p, MinProbability, 1));
    });

    /// <summary>The share of pairs of a 1 and a 0 in which the 1 has the larger output; ties count half.</summary>
    private static double AreaUnderCurve((double Output, double Target)[] all)
    {
        double[] ones = [.. all.Where(each => each.Target > 0).Select(each => each.Output)];
        double[] zeros = [.. all.Where(each => each.Target <= 0).Select(each => each.Output)];
        return ones.Average(one => zeros.Average(zero => one > zero ? 1 : one == zero ? 0.5 : 0));
    }

    private static double F1((double Output, double Target)[] all)
    {
        int right = all.Count(each => each.Output >= 0.5 && each.Target > 0);
        int wrong = all.Count(each => each.Output >= 0.5 != each.Target > 0);
        return right + wrong == 0 ? 1 : 2.0 * right / (2 * right + wrong);
    }
}
