using System.Globalization;

namespace MnistMlNet.Training;

/// <summary>The factor of each class's rows.</summary>
internal static class ClassWeighting
{
    /// <summary>Finds the factors that the options ask for; null where all are 1.</summary>
    /// <param name="counts">The number of rows of each class.</param>
    /// <param name="names">The class names; null where the classes have none.</param>
    /// <exception cref="ArgumentException">A name isn't that of a class.</exception>
    public static float[]? Find(TwoLayerNetworkTrainer.Options options, long[] counts, IReadOnlyList<string>? names)
    {
        if (options.BalancedClassWeights)
        {
            double rows = counts.Sum(), occurring = counts.Count(count => count > 0);
            return [.. counts.Select(count => count == 0 ? 1 : (float)(rows / (occurring * count)))];
        }

        if (options.ClassWeights is not { Count: > 0 } given)
        {
            return null;
        }

        names ??= [.. Enumerable.Range(0, counts.Length).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        foreach (string name in given.Keys)
        {
            if (!names.Contains(name))
            {
                throw new ArgumentException(
                    $"ClassWeights names the class '{name}', which the label doesn't have. It has {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}.", nameof(options));
            }
        }

        return [.. names.Select(name => given.TryGetValue(name, out float weight) ? weight : 1)];
    }
}
