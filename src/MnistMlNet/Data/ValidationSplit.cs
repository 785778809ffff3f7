using System.Globalization;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>A split of rows into training rows and validation rows.</summary>
/// <param name="Training">The indices of the training rows, ascending.</param>
/// <param name="Validation">The indices of the validation rows, ascending.</param>
internal sealed record ValidationSplit(int[] Training, int[] Validation)
{
    /// <summary>The random stream of this split; the streams of epochs have the epochs' numbers, which are smaller.</summary>
    private const ulong Purpose = uint.MaxValue;

    /// <summary>Holds out the same fraction f of every class, at random: ⌊f n + ½⌋ of the n rows of a class, but at most n - 1.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="fraction">The fraction f, above 0 and less than 1.</param>
    /// <exception cref="InvalidOperationException">The fraction is too small: no class has a row that is held out.</exception>
    public static ValidationSplit Stratified(ReadOnlySpan<int> labels, int classCount, float fraction, int seed)
    {
        var byClass = new List<int>[classCount];
        for (int i = 0; i < labels.Length; i++)
        {
            (byClass[labels[i]] ??= []).Add(i);
        }

        var random = new SeededRandom(seed, Purpose);
        var training = new List<int>(labels.Length);
        var validation = new List<int>();
        foreach (List<int>? ofClass in byClass)
        {
            if (ofClass is null)
            {
                continue;
            }

            int[] places = [.. ofClass];
            random.Shuffle(places);
            int held = Math.Min(places.Length - 1, (int)Math.Floor((double)fraction * places.Length + 0.5));
            validation.AddRange(places.AsSpan(0, held));
            training.AddRange(places.AsSpan(held));
        }

        if (validation.Count == 0)
        {
            throw new InvalidOperationException(
                $"ValidationFraction is {fraction.ToString(CultureInfo.InvariantCulture)}; of {labels.Length} rows that holds back none "
                    + $"of any class. A larger share, or more rows, are expected.");
        }

        training.Sort();
        validation.Sort();
        return new ValidationSplit([.. training], [.. validation]);
    }
}
