using System.Globalization;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Rows, by their places, to train on and to measure by.</summary>
/// <param name="Training">The rows to train on, ascending.</param>
/// <param name="Validation">The rows that are held back, ascending.</param>
internal sealed record ValidationSplit(int[] Training, int[] Validation)
{
    /// <summary>The purpose that names this generator; epochs count from 1, and no run has so many.</summary>
    private const ulong Purpose = uint.MaxValue;

    /// <summary>Holds back the same share of every class, at random: of n rows of a class ⌊f n + ½⌋, but never all.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="fraction">The share f, within 0 … 1 (not included).</param>
    /// <exception cref="InvalidOperationException">The share is too small for any row, or leaves no row to train on.</exception>
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
                    + $"of any class. A larger share, or more rows, are wanted.");
        }

        training.Sort();
        validation.Sort();
        return new ValidationSplit([.. training], [.. validation]);
    }
}
