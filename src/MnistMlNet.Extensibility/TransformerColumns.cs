using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MnistMlNet.Extensibility;

/// <summary>
/// Gets the input and output columns of a fitted transformer of ML.NET, which are internal there. A schema doesn't have the order of the
/// inputs.
/// </summary>
internal static class TransformerColumns
{
    /// <summary>
    /// Gets the output columns, each with its inputs in order, of a transformer of column pairs or of a concatenation.
    /// </summary>
    /// <param name="transformer">Any transformer.</param>
    /// <returns><see langword="null"/> for any other transformer.</returns>
    internal static IReadOnlyList<(string Output, string[] Inputs)>? GetColumns(ITransformer transformer)
        => (object)transformer switch
        {
            OneToOneTransformerBase pairs => [.. pairs.ColumnPairs.Select(pair => (pair.OutputColumnName, new[] { pair.InputColumnName }))],
            ColumnConcatenatingTransformer concatenation => [.. concatenation.Columns],
            _ => null,
        };

    /// <summary>Gets the column names of a <c>SelectColumns</c> or <c>DropColumns</c> transformer.</summary>
    /// <param name="selection">The transformer.</param>
    /// <returns>The names; and true if these columns are kept, false if they are dropped.</returns>
    internal static (IReadOnlySet<string> Names, bool Keep) GetSelection(object selection)
    {
        var columns = (ColumnSelectingTransformer)selection;
        return (columns.SelectColumns.ToHashSet(StringComparer.Ordinal), columns.KeepColumns);
    }
}
