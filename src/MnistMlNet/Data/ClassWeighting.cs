using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>The factor of each class's rows.</summary>
internal static class ClassWeighting
{
    /// <summary>Finds the factors that the options ask for; null where all are 1.</summary>
    /// <param name="set">The rows that are counted by class.</param>
    /// <param name="names">The class names; null where the classes have none.</param>
    /// <exception cref="ArgumentException">A name isn't that of a class.</exception>
    public static float[]? Find(TwoLayerNetworkTrainer.Options options, TrainingSet set, IReadOnlyList<string>? names)
    {
        long[] counts = set.ClassCounts;
        if (options.BalancedClassWeights)
        {
            double rows = counts.Sum(), occurring = counts.Count(count => count > 0);
            return [.. counts.Select(count => count == 0 ? 1 : (float)(rows / (occurring * count)))];
        }

        if (options.ClassWeights is not { Count: > 0 } given)
        {
            return null;
        }

        // Looked up by hash: a label of 40,000 classes may have as many weights.
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

        // The rows' own weights have a mean of 1; so have these, or else the step size would depend on their scale.
        double mean = factors.Zip(set.ClassWeightSums, (factor, sum) => factor * sum).Sum() / set.ClassWeightSums.Sum();
        return Array.ConvertAll(factors, factor => (float)(factor / mean));
    }
}
