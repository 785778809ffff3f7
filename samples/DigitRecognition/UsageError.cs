using System.CommandLine;
using System.CommandLine.Parsing;
using MnistMlNet.Primitives;

namespace DigitRecognition;

/// <summary>A mistake in the arguments as two lines: what is wrong, and what to do.</summary>
internal static class UsageError
{
    // A name of one letter, such as -h, is near to every other one.
    private const int ShortestSimilar = 4;

    /// <summary>Describes the first mistake.</summary>
    public static string Of(ParseResult parsed)
    {
        // Messages with a line break are those of this program.
        if (parsed.Errors.Select(each => each.Message).FirstOrDefault(text => text.Contains('\n', StringComparison.Ordinal)) is { } own)
        {
            return own;
        }

        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [string token, ..])
        {
            return token.StartsWith('-') ? OfOption(parsed, command, token.Split('=', ':')[0]) : OfWord(command, token);
        }

        ParseError error = parsed.Errors[0];
        return (error.SymbolResult, error.SymbolResult?.Parent) switch
        {
            (OptionResult option, _) => OfValue(option),
            (ArgumentResult, OptionResult option) => OfValue(option),
            _ when parsed.CommandResult.Command.Arguments is [{ } argument] =>
                $"{command.Name} has no <{argument.Name}>; it needs the path of a file.\n"
                    + $"Give it after the command: {Invocation.Of(command.Name, "digits.csv")}",
            _ => $"{error.Message}\n{SeeHelp(command)}",
        };
    }

    private static string OfOption(ParseResult parsed, Command command, string given)
    {
        Command root = parsed.RootCommandResult.Command;
        string problem = $"'{Shown.Text(given)}' is no option of {NameOf(command)}.\n";
        if (command != root && root.Options.Any(option => option.Name == given && !option.Recursive))
        {
            return problem + $"It belongs to training. Leave it out, or leave out '{command.Name}' to train.";
        }

        string[] names = [.. command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))
            .Where(name => name.Length >= ShortestSimilar)];
        string? similar = NearestName.Of(given, names);
        if (similar is null && names.Where(name => name.StartsWith(given, StringComparison.Ordinal)).ToArray() is [{ } only])
        {
            similar = only;
        }

        return problem + (similar is null ? "" : $"Did you mean {similar}? ") + SeeHelp(command);
    }

    private static string OfWord(Command command, string word)
    {
        string shown = Shown.Text(word);
        if (command.Arguments.Count > 0)
        {
            return $"'{shown}' is one argument too many; {command.Name} reads one file.\n"
                + "Give one file at a time, and put a path with spaces in quotes.";
        }

        string problem = $"'{shown}' is no command of this program.\n";
        if (word == "train")
        {
            return problem + "Training has no command: leave out 'train'.";
        }

        if (NearestName.Of(word, command.Subcommands.Select(each => each.Name)) is { } similar)
        {
            return problem + $"Did you mean {similar}? {SeeHelp(command)}";
        }

        return problem + (File.Exists(word) || word.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            ? $"To train on this file, write --train {Invocation.Quote(word)}; to classify its digits, predict {Invocation.Quote(word)}."
            : SeeHelp(command));
    }

    private static string OfValue(OptionResult result)
    {
        Option option = result.Option;
        return result.IdentifierTokenCount > 1
            ? $"{option.Name} is given {result.IdentifierTokenCount} times; it has one value.\nLeave out all of them but one."
            : $"{option.Name} has no value; it needs <{option.HelpName}>.\nWrite {option.Name} <{option.HelpName}>. {option.Description}";
    }

    private static string SeeHelp(Command command) => command is RootCommand
        ? $"All options: {Invocation.Of("--help")}" : $"All options: {Invocation.Of(command.Name, "--help")}";

    private static string NameOf(Command command) => command is RootCommand ? "the training" : command.Name;
}
