namespace MnistMlNet.Benchmarks.Reporting;

/// <summary>A table in Markdown; each row is printed when it is complete, since a run takes minutes.</summary>
internal sealed class MarkdownTable
{
    private readonly TextWriter _output;

    /// <param name="output">Where to write.</param>
    /// <param name="title">The line above the table.</param>
    /// <param name="columns">Names; those that begin with a '>' are for numbers, and are right-aligned.</param>
    public MarkdownTable(TextWriter output, string title, params IReadOnlyList<string> columns)
    {
        _output = output;
        output.WriteLine();
        output.WriteLine($"### {title}");
        output.WriteLine();
        Row([.. columns.Select(column => column.TrimStart('>'))]);
        Row([.. columns.Select(column => column.StartsWith('>') ? "---:" : "---")]);
    }

    public void Row(params IReadOnlyList<string> cells)
    {
        _output.WriteLine($"| {string.Join(" | ", cells)} |");
        _output.Flush();
    }
}
