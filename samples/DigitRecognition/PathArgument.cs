using System.CommandLine;
using System.CommandLine.Parsing;

namespace DigitRecognition;

/// <summary>The check of options and arguments that are paths.</summary>
internal static class PathArgument
{
    /// <summary>Refuses an empty path, as an unset variable of a script gives it, and an option in the place of a path.</summary>
    public static Option<T> Checked<T>(this Option<T> option)
    {
        string remedy = $"Give {option.Name} <{option.HelpName}>, or leave it out.";
        option.Validators.Add(result => Check(result, result.Tokens, option.Name, remedy));
        return option;
    }

    /// <inheritdoc cref="Checked{T}(Option{T})"/>
    public static Argument<T> Checked<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result => Check(result, result.Tokens, $"<{argument.Name}>", "Give the path of a file."));
        return argument;
    }

    private static void Check(SymbolResult result, IReadOnlyList<Token> tokens, string name, string remedy)
    {
        if (tokens is not [{ Value: { } value }])
        {
            return;
        }

        if (value.Length == 0)
        {
            result.AddError($"{name} is empty; it must be a path.\n{remedy}");
        }
        else if (value.StartsWith("--", StringComparison.Ordinal))
        {
            result.AddError($"{name} is '{value}', an option; it must be a path.\n{remedy}");
        }
    }
}
