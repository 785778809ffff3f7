using System.Numerics;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Validates rows from data views, for training, validation and scoring, since the kernels don't check bounds.</summary>
/// <remarks>
/// ML.NET doesn't validate a <see cref="VBuffer{T}"/> fully: it doesn't compare its length with the column's type, and it checks indices in
/// debug builds only. It does guarantee that the number of values, and of indices in a sparse row, is the row's count.
/// </remarks>
internal static class FeatureRow
{
    /// <param name="position">The row's position in its data, for errors.</param>
    /// <param name="inputCount">The length of the column's type.</param>
    /// <exception cref="InvalidOperationException">The length differs, or the indices of a sparse row don't ascend within it.</exception>
    public static void Check(in VBuffer<float> row, long position, string column, int inputCount)
    {
        if (row.Length != inputCount)
        {
            throw WrongLength(row.Length, position, column, inputCount);
        }

        if (!row.IsDense)
        {
            CheckIndices(row.GetIndices(), position, column, inputCount);
        }
    }

    /// <summary>Checks the indices of a sparse row of any column.</summary>
    /// <exception cref="InvalidOperationException">They don't ascend from 0 or more to less than <paramref name="length"/>.</exception>
    public static void CheckIndices(ReadOnlySpan<int> indices, long position, string column, int length)
    {
        if (!Ascend(indices, length))
        {
            ThrowNotAscending(indices, position, column, length);
        }
    }

    // If the indices ascend, it is enough to compare the first and the last one with the bounds.
    private static bool Ascend(ReadOnlySpan<int> indices, int inputCount)
    {
        if (indices.IsEmpty)
        {
            return true;
        }

        if (indices[0] < 0 || indices[^1] >= inputCount)
        {
            return false;
        }

        ReadOnlySpan<int> next = indices[1..];
        int i = 0;
        for (; i + Vector<int>.Count <= next.Length; i += Vector<int>.Count)
        {
            if (Vector.LessThanOrEqualAny(new Vector<int>(next[i..]), new Vector<int>(indices[i..])))
            {
                return false;
            }
        }

        for (; i < next.Length; i++)
        {
            if (next[i] <= indices[i])
            {
                return false;
            }
        }

        return true;
    }

    private static InvalidOperationException WrongLength(int length, long position, string column, int inputCount) => new(
        $"Row {position} of column '{Shown.Text(column)}' has {length} features; {inputCount} are expected, as the column's type says. "
        + "Make all rows of that length where they come from, or give the column the length that they have.");

    private static void ThrowNotAscending(ReadOnlySpan<int> indices, long position, string column, int inputCount)
    {
        int n = 0, last = -1;
        for (; indices[n] > last && indices[n] < inputCount; n++)
        {
            last = indices[n];
        }

        throw new InvalidOperationException(
            $"Row {position} of column '{Shown.Text(column)}' is sparse, and index {indices[n]} comes "
                + $"{(n == 0 ? "first" : $"after {last}")}; "
            + $"indices that ascend, from 0 to {inputCount - 1}, are expected.");
    }
}
