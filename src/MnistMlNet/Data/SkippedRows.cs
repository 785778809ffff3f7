using System.Globalization;

namespace MnistMlNet.Data;

/// <summary>Rows that were left out, by their first fault.</summary>
internal sealed class SkippedRows
{
    public long MissingLabel { get; set; }

    public long FeatureNotFinite { get; set; }

    public long WeightOutOfRange { get; set; }

    public long Total => MissingLabel + FeatureNotFinite + WeightOutOfRange;

    /// <summary>Says how many rows were left out and why.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        AddPart(MissingLabel, "missing label");
        AddPart(FeatureNotFinite, "a feature that is NaN or infinite");
        AddPart(WeightOutOfRange, "a weight that is not a finite number above 0");
        return string.Join(", ", parts);

        void AddPart(long count, string reason)
        {
            if (count > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} with {reason}"));
            }
        }
    }
}
