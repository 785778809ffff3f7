using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Computes class weights: a factor for the weights of each class's rows.</summary>
internal static class ClassWeighting
{
    /// <summary>Computes the factors that the options define; null where all are 1.</summary>
    /// <param name="set">The training set, with the number of rows of each class.</param>
    /// <param name="names">The class names; null where the classes have none.</param>
    /// <exception cref="ArgumentException">A name in the options isn't the name of a class.</exception>
    public static float[]? Find(TwoLayerNetworkOptions options, TrainingSet set, IReadOnlyList<string>? names)
    {
        long[] counts = set.ClassCounts;
        if (options.AreClassesBalanced)
        {
            double rows = counts.Sum(), occurring = counts.Count(count => count > 0);
            return [.. counts.Select(count => count == 0 ? 1 : (float)(rows / (occurring * count)))];
        }

        if (options.WeightsByClass is not { Count: > 0 } given)
        {
            return null;
        }

        // A hash set, since a label with 40,000 classes may have as many weights.
        names ??= [.. ClassLabels.Numbered(counts.Length)];
        HashSet<string> known = [.. names];
        foreach (string name in given.Keys)
        {
            if (!known.Contains(name))
            {
                throw new ArgumentException(
                    $"ClassWeights names the class '{Shown.Text(name)}', which the label doesn't have. "
                        + $"It has {Shown.List(names)}.", nameof(options));
            }
        }

        float[] factors = [.. names.Select(name => given.TryGetValue(name, out float weight) ? weight : 1)];

        // The example weights have a mean of 1. Their products with the factors get a mean of 1, too; otherwise the step size would depend
        // on the scale of the factors.
        double mean = factors.Zip(set.ClassWeightSums, (factor, sum) => factor * sum).Sum() / set.ClassWeightSums.Sum();
        return Array.ConvertAll(factors, factor => (float)(factor / mean));
    }
}
