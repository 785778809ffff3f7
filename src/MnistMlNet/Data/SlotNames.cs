using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace MnistMlNet.Data;

/// <summary>The slot names of a vector label.</summary>
internal static class SlotNames
{
    /// <summary>Reads the names, one for each slot; empty where the label isn't a vector or has none.</summary>
    public static ImmutableArray<string> Of(TrainingColumns columns)
    {
        if (!columns.IsVector || !columns.Label.HasSlotNames())
        {
            return [];
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        columns.Label.GetSlotNames(ref names);
        return names.Length == columns.TargetCount ? [.. names.DenseValues().Select(name => name.ToString())] : [];
    }
}
