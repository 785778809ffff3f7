using System.Globalization;
using MnistMlNet.Primitives;

namespace MnistMlNet;

/// <summary>The strengths of L2 regularization that <c>Fit</c> compared on a small table, and the one that it chose.</summary>
/// <remarks>
/// Saved and loaded with the model, and kept in checkpoints, so that a resumed training doesn't search again. The λ that was chosen is the
/// option <c>L2Regularization</c> in <see cref="TrainingHistory.Options"/>.
/// </remarks>
public sealed class RegularizationSearchResult
{
    /// <summary>The most candidates that a file may announce; a search has seven.</summary>
    internal const int MaxCandidates = 1024;

    private const int CandidateBytes = 2 * sizeof(double);

    private readonly int _chosen;

    internal RegularizationSearchResult(IReadOnlyList<RegularizationCandidate> candidates, int chosen, int foldCount, int rowCount)
    {
        Candidates = candidates;
        _chosen = chosen;
        FoldCount = foldCount;
        RowCount = rowCount;
    }

    /// <summary>Gets the strengths that were compared, in ascending order, with their losses.</summary>
    public IReadOnlyList<RegularizationCandidate> Candidates { get; }

    /// <summary>Gets the candidate with the least loss; of equal ones the strongest.</summary>
    public RegularizationCandidate Chosen => Candidates[_chosen];

    /// <summary>Gets the number of folds of the cross-validation.</summary>
    /// <value>
    /// 10, of two assignments of the rows to 5 folds, on most tables; values far from the best are compared in the first 5 only. 5 or 3
    /// where 10 would take too long. 1 where there were validation rows: the loss is theirs. 0 where all rows have the same features, so
    /// that no folds could be made.
    /// </value>
    public int FoldCount { get; }

    /// <summary>Gets the number of training rows that the search used: all, or a part of them where all would take too long.</summary>
    public int RowCount { get; }

    /// <summary>Computes the strength for all training rows: more rows need a somewhat larger one.</summary>
    /// <remarks>With m about a tenth of n rows, the best strength of eight tables was 1 to 3 times as large for n rows as for m.</remarks>
    internal double StrengthFor(long rowCount) => Chosen.Strength * Math.Cbrt((double)rowCount / Math.Max(1, RowCount));

    /// <summary>Describes what was tried and chosen, for the log.</summary>
    internal string Describe(long rowCount)
    {
        string measure = FoldCount == 1
            ? $"the loss of the validation rows with {RowCount} training rows"
            : $"the loss in {FoldCount} folds of {RowCount} rows";
        string part = RowCount < rowCount ? $", times the cube root of {rowCount} / {RowCount}" : "";
        IEnumerable<string> tried = Candidates.Select(candidate =>
            string.Create(CultureInfo.InvariantCulture, $"{candidate.Strength:G3} gave {candidate.Loss:F4}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"L2Regularization times the number of rows is {StrengthFor(rowCount):G3}, chosen by {measure}{part}: "
            + $"{string.Join(", ", tried)}.");
    }

    /// <summary>Writes a result to a model or a checkpoint; null as no candidates.</summary>
    internal static void Write(PayloadWriter writer, RegularizationSearchResult? result)
    {
        writer.Int32(result?.Candidates.Count ?? 0);
        if (result is null)
        {
            return;
        }

        writer.Int32(result.FoldCount);
        writer.Int32(result.RowCount);
        writer.Int32(result._chosen);
        foreach (RegularizationCandidate candidate in result.Candidates)
        {
            writer.Double(candidate.Strength);
            writer.Double(candidate.Loss);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A field isn't as the format says.</exception>
    internal static RegularizationSearchResult? Read(PayloadReader reader)
    {
        int count = reader.Int32("candidateCount", 0, MaxCandidates);
        if (count == 0)
        {
            return null;
        }

        int foldCount = reader.Int32("foldCount", 0, int.MaxValue);
        int rowCount = reader.Int32("searchRowCount", 0, int.MaxValue);
        int chosen = reader.Int32("chosenCandidate", 0, count - 1);
        reader.Require("candidates", (long)count * CandidateBytes);
        var candidates = new RegularizationCandidate[count];
        for (int i = 0; i < count; i++)
        {
            double strength = reader.Double("strength");
            if (!(strength >= 0 && double.IsFinite(strength)))
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"strength is {strength} in candidate {i}; a finite number, 0 or above, is expected."));
            }

            candidates[i] = new RegularizationCandidate(strength, reader.Double("logLoss"));
        }

        return new RegularizationSearchResult(candidates, chosen, foldCount, rowCount);
    }
}

/// <summary>A strength of L2 regularization and the loss that networks trained with it had on other rows.</summary>
/// <param name="Strength">a = λ n: the factor λ of <c>L2Regularization</c> times the number n of training rows. It depends little on n, so
/// it is compared and chosen instead of λ.</param>
/// <param name="Loss">The mean cross-entropy in nats of the rows that were not trained on, weighted by example weights and class
/// weights; infinite where training diverged, NaN where there were no folds.</param>
public readonly record struct RegularizationCandidate(double Strength, double Loss);
