using System.Globalization;

namespace MnistMlNet.Augmentations;

/// <summary>The one form in which augmentations refuse a number.</summary>
internal static class Ranges
{
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="holds"/> is false.</exception>
    public static void Check(bool holds, object value, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {Convert.ToString(value, CultureInfo.InvariantCulture)}; it must be {range}.");
        }
    }
}
