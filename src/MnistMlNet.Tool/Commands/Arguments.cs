using System.CommandLine;
using System.Globalization;
using MnistMlNet.Primitives;
using MnistMlNet.Tool.Tables;

namespace MnistMlNet.Tool.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string> Data() => new("data.csv") { Description = "The CSV file, in UTF-8." };

    public static Argument<string> Model() => new("model.zip") { Description = "The model file that 'train' wrote." };

    public static Option<char?> Separator() => new("--separator")
    {
        HelpName = "character",
        Description = "The character between fields; 'tab' for a tab. Default: found in the file.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (text is "tab" or "\\t" || text.Length == 1)
            {
                return text.Length == 1 ? text[0] : '\t';
            }

            result.AddError($"--separator is '{Shown.Text(text)}'; it must be one character, or 'tab'.");
            return null;
        },
    };

    public static Option<bool> NoHeader() => new("--no-header")
    {
        Description = "The first line has values, not names; the columns are then named 'column 1', 'column 2', and so on.",
    };

    /// <summary>A whole number within a range.</summary>
    public static Option<int?> Number(string name, string description, int minimum, int maximum = int.MaxValue) => new(name)
    {
        HelpName = "n",
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
                && value >= minimum && value <= maximum)
            {
                return value;
            }

            result.AddError($"{name} is '{Shown.Text(text)}'; it must be a whole number"
                + (maximum < int.MaxValue ? $" from {minimum} to {maximum}." : minimum > int.MinValue ? $" of at least {minimum}." : "."));
            return null;
        },
    };

    /// <summary>No file that is written may be one that is read, or be written twice.</summary>
    /// <param name="read">Names of arguments, and their files.</param>
    /// <param name="written">The same; null for a file that isn't written. An empty path is refused where it is used.</param>
    public static void CheckFiles((string Name, string Path)[] read, params (string Name, string? Path)[] written)
    {
        Dictionary<string, string> names = [];
        foreach ((string name, string path) in read.Where(file => file.Path.Length > 0))
        {
            names[FileStatus.TargetOf(path)] = name;
        }

        foreach ((string name, string? path) in written)
        {
            if (!string.IsNullOrEmpty(path) && !names.TryAdd(FileStatus.TargetOf(path), name))
            {
                throw new UsageException(
                    $"{name} is '{Shown.Long(path)}', which is {names[FileStatus.TargetOf(path)]} too. Choose another file for {name}.");
            }
        }
    }

    /// <summary>Reads the file as the options say.</summary>
    public static CsvTable Read(ParseResult parsed, Argument<string> data, Option<char?> separator, Option<bool> noHeader) =>
        CsvFile.Read(parsed.GetValue(data)!, parsed.GetValue(separator), parsed.GetValue(noHeader) ? false : null);
}
