using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MnistMlNet.Extensibility;

/// <summary>
/// Which columns a fitted transformer of ML.NET reads and makes; it tells nobody outside, and a schema doesn't say in which order.
/// </summary>
internal static class TransformerColumns
{
    /// <summary>Gets the output columns, each with its inputs in order, of a transformer of column pairs or of a concatenation.</summary>
    /// <param name="transformer">Any transformer.</param>
    /// <returns><see langword="null"/> for any other transformer.</returns>
    internal static IReadOnlyList<(string Output, string[] Inputs)>? GetColumns(ITransformer transformer)
        => (object)transformer switch
        {
            OneToOneTransformerBase pairs => [.. pairs.ColumnPairs.Select(pair => (pair.OutputColumnName, new[] { pair.InputColumnName }))],
            ColumnConcatenatingTransformer concatenation => [.. concatenation.Columns],
            _ => null,
        };

    /// <summary>Gets the chain inside a transformer of several steps, which doesn't show it.</summary>
    /// <param name="transformer">Any transformer.</param>
    /// <returns><see langword="null"/> for a transformer of one step.</returns>
    internal static IEnumerable<ITransformer>? GetChain(ITransformer transformer)
        => ((object)transformer is OneHotEncodingTransformer encoding ? encoding._transformer : (object)transformer)
            as IEnumerable<ITransformer>;

    /// <summary>Gets the names that a selection of columns was given.</summary>
    /// <param name="selection">The selection.</param>
    /// <returns>The names, and whether they are those to keep, or else those to drop.</returns>
    internal static (IReadOnlySet<string> Names, bool Keep) GetSelection(object selection)
    {
        var columns = (ColumnSelectingTransformer)selection;
        return (columns.SelectColumns.ToHashSet(StringComparer.Ordinal), columns.KeepColumns);
    }
}
