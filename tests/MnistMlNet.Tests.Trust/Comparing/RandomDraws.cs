namespace MnistMlNet.Tests.Trust.Comparing;

/// <summary>Random draws for settings.</summary>
internal static class RandomDraws
{
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static T OneOf<T>(this Random random, params T[] values) => values[random.Next(values.Length)];

    /// <summary>Draws a number whose logarithm is uniform.</summary>
    public static float Between(this Random random, double low, double high) => (float)(low * Math.Pow(high / low, random.NextDouble()));

    /// <summary>Draws a value with the given probability, otherwise null: the option isn't set.</summary>
    public static float? Maybe(this Random random, double probability, double low, double high) =>
        random.Chance(probability) ? random.Between(low, high) : null;
}
