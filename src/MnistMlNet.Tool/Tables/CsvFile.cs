using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using CsvHelper.Configuration;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tool.Tables;

/// <summary>Reads a CSV file: finds the separator and whether there is a header, and checks that all rows have as many fields.</summary>
internal static class CsvFile
{
    private const string Separators = ",;\t|";
    private const int SampleLines = 20;

    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="separator">The character between fields; null to find it.</param>
    /// <param name="hasHeader">Whether the first record has the names of the columns; null to find it.</param>
    public static CsvTable Read(string path, char? separator, bool? hasHeader)
    {
        string name = Shown.Long(Path.GetFileName(path));
        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"'{Shown.Long(path)}' is a folder; a CSV file is expected.");
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{Shown.Long(path)}'. Check the path.");
        }

        char between = separator ?? FindSeparator(path);
        List<string[]> rows = [];
        List<int> lines = [];
        ReadRecords(path, name, between, rows, lines);
        if (rows.Count == 0)
        {
            throw new InvalidDataException($"{name} is empty; a CSV file with a line of column names and some rows is expected.");
        }

        bool isNamed = hasHeader ?? !rows[0].Any(field => CsvTable.IsMissing(field) || Numbers.TryParse(field, isComma: true, out _));
        string[] columns = isNamed ? [.. rows[0].Select(field => field.Trim())]
            : [.. Enumerable.Range(1, rows[0].Length).Select(number => $"column {number}")];
        if (isNamed)
        {
            CheckNames(name, columns);
            rows.RemoveAt(0);
            lines.RemoveAt(0);
        }

        return rows.Count > 0 ? new CsvTable(name, between, isNamed, columns, rows, lines)
            : throw new InvalidDataException($"{name} has a line of column names but no rows.");
    }

    private static void ReadRecords(string path, string name, char between, List<string[]> rows, List<int> lines)
    {
        int line = 1;                                                       // the first one of a record
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = between.ToString(),
            HasHeaderRecord = false,
            CacheFields = true,
            BadDataFound = _ => throw new InvalidDataException(
                $"{name}, line {line}: a quote (\") inside a field that isn't quoted, text after a closing quote, or a quote that isn't "
                    + "closed. Put the whole field in quotes, and double the quotes inside."),
        };
        using var reader = new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        using var parser = new CsvParser(reader, configuration);
        while (Advance(parser, path, name))
        {
            string[] fields = parser.Record!;
            int width = rows.Count > 0 ? rows[0].Length : fields.Length;
            if (fields.Length != width)
            {
                throw new InvalidDataException(
                    $"{name}, line {line}: {Count(fields.Length)}; the first line has {width}. Correct the line, or give "
                    + $"--separator if '{Shown.Text(between.ToString())}' isn't the separator.");
            }

            rows.Add(fields);
            lines.Add(line);

            // A record with line breaks inside quotes has several lines.
            line = parser.RawRow + 1;
        }
    }

    private static bool Advance(CsvParser parser, string path, string name)
    {
        try
        {
            return parser.Read();
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException(
                $"{name}, line {LineOfInvalidBytes(path)}: bytes that aren't text in UTF-8. Save the file in UTF-8; a file from Windows, "
                    + $"with 'iconv -f WINDOWS-1252 -t UTF-8'.", e);
        }
    }

    // The reader is ahead of the parser. A line break is never a part of another character.
    private static int LineOfInvalidBytes(string path)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        int line = 1;
        foreach (Range range in bytes.Split((byte)'\n'))
        {
            if (!Utf8.IsValid(bytes[range]))
            {
                break;
            }

            line++;
        }

        return line;
    }

    // The separator is in each line as often, outside of quotes; of several such characters, the most frequent one is taken.
    private static char FindSeparator(string path)
    {
        string[] lines = [.. File.ReadLines(path).Where(line => line.Length > 0).Take(SampleLines)];
        return Separators.Select(candidate => (candidate, Counts: lines.Select(line => CountOutsideQuotes(line, candidate)).ToArray()))
            .Where(item => item.Counts.Length > 0 && item.Counts[0] > 0)
            .OrderByDescending(item => item.Counts.Count(count => count == item.Counts[0]))
            .ThenByDescending(item => item.Counts[0])
            .Select(item => item.candidate)
            .FirstOrDefault(',');
    }

    private static int CountOutsideQuotes(string line, char candidate)
    {
        bool isQuoted = false;
        int count = 0;
        foreach (char c in line)
        {
            isQuoted ^= c == '"';
            count += c == candidate && !isQuoted ? 1 : 0;
        }

        return count;
    }

    private static void CheckNames(string name, string[] columns)
    {
        foreach ((int index, string column) in columns.Index())
        {
            int first = Array.IndexOf(columns, column);
            if (column.Length == 0 || first < index)
            {
                throw new InvalidDataException(column.Length == 0 ? $"{name}, line 1: field {index + 1} is empty; each column needs a name."
                    : $"{name}, line 1: fields {first + 1} and {index + 1} are both '{Shown.Text(column)}'; each column needs a name of "
                        + "its own. If the file has no line of names, say --no-header.");
            }
        }
    }

    private static string Count(int fields) => fields == 1 ? "1 field" : $"{fields} fields";
}
