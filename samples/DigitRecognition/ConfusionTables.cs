using Spectre.Console;

namespace DigitRecognition;

/// <summary>
/// The confusion matrix as tables: a single one where the terminal is wide enough, otherwise several with some columns each.
/// </summary>
internal static class ConfusionTables
{
    // A cell with at least this fraction of its row's digits is highlighted as a confusion.
    private const double NoticeableShare = 0.005;

    private const string Precision = "precision";

    /// <param name="counts">Counts by <c>[truth][prediction]</c>.</param>
    /// <param name="classNames">Names in the same order.</param>
    /// <param name="width">The number of columns of the terminal.</param>
    /// <param name="border">The border of the tables.</param>
    /// <param name="padding">The free columns on each side of a cell.</param>
    public static IEnumerable<Table> Of(
        IReadOnlyList<IReadOnlyList<double>> counts, string[] classNames, int width, TableBorder border, int padding)
    {
        int[] all = [.. Enumerable.Range(0, classNames.Length)];
        Table whole = Matrix(counts, classNames, all, border, padding, withRates: true);
        if (WidthOf(whole) <= width)
        {
            return [whole];
        }

        // As many predicted classes in each part as fit.
        int each = all.Length;
        while (each > 1 && all.Chunk(each).Any(part => WidthOf(Matrix(counts, classNames, part, border, padding, false)) > width))
        {
            each--;
        }

        int parts = (all.Length + each - 1) / each;
        each = (all.Length + parts - 1) / parts;                                   // parts of the same width, as far as possible

        return [
            .. all.Chunk(each).Select(part => Matrix(counts, classNames, part, border, padding, withRates: false)),
            Rates(counts, classNames, border, padding)];
    }

    /// <summary>The number of columns that a table needs.</summary>
    public static int WidthOf(Table table)
    {
        using StringWriter text = new();
        IAnsiConsole wide = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        wide.Profile.Width = 10_000;
        wide.Write(table);
        return text.ToString().Split('\n').Max(line => line.TrimEnd().Length);
    }

    private static Table Matrix(
        IReadOnlyList<IReadOnlyList<double>> counts, string[] classNames, int[] predicted, TableBorder border, int padding, bool withRates)
    {
        Table table = New(
            border, padding,
            ["digit", .. predicted.Select(p => $"as {classNames[p]}"), .. withRates ? ["recall"] : Array.Empty<string>()]);
        for (int truth = 0; truth < classNames.Length; truth++)
        {
            double total = Math.Max(1, counts[truth].Sum());
            table.AddRow([
                $"[bold]{Markup.Escape(classNames[truth])}[/]",
                .. predicted.Select(p => Cell(counts[truth][p], counts[truth][p] / total, p == truth)),
                .. withRates ? [Percent(Recall(counts, truth))] : Array.Empty<string>()]);
        }

        if (withRates)
        {
            table.AddRow([Precision, .. predicted.Select(p => Percent(PrecisionOf(counts, p))), string.Empty]);
        }

        return table;
    }

    private static Table Rates(IReadOnlyList<IReadOnlyList<double>> counts, string[] classNames, TableBorder border, int padding)
    {
        Table table = New(border, padding, ["digit", "images", "recall", Precision]);
        for (int c = 0; c < classNames.Length; c++)
        {
            table.AddRow([
                $"[bold]{Markup.Escape(classNames[c])}[/]", $"{counts[c].Sum():F0}", Percent(Recall(counts, c)),
                Percent(PrecisionOf(counts, c))]);
        }

        return table;
    }

    private static Table New(TableBorder border, int padding, string[] headers)
    {
        Table table = new() { Border = border };
        foreach ((int i, string header) in headers.Index())
        {
            TableColumn column = new TableColumn(Markup.Escape(header)).NoWrap().Padding(padding, 0);
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        return table;
    }

    private static double Recall(IReadOnlyList<IReadOnlyList<double>> counts, int c) => counts[c][c] / counts[c].Sum();

    private static double PrecisionOf(IReadOnlyList<IReadOnlyList<double>> counts, int c) => counts[c][c] / counts.Sum(row => row[c]);

    private static string Cell(double count, double share, bool isRight) => (count, isRight) switch
    {
        (0, _) => "[grey]·[/]",
        (_, true) => $"[green]{count:F0}[/]",
        _ when share >= NoticeableShare => $"[red]{count:F0}[/]",
        _ => $"{count:F0}",
    };

    private static string Percent(double share) => double.IsNaN(share) ? "–" : $"{100 * share:F1}%";
}
