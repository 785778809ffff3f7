using System.Buffers;
using Samples;

namespace DigitRecognition;

/// <summary>Commands that run this program, as text that can be pasted into a shell in the current folder.</summary>
internal static class Invocation
{
    // All other characters may have a meaning in some shell.
    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=+" + (OperatingSystem.IsWindows() ? "\\" : ""));

    /// <summary>Gets the command that runs this program with these arguments.</summary>
    public static string Of(params IEnumerable<string> arguments)
    {
        if (OfSample("DigitRecognition", arguments) is { } command)
        {
            return command;
        }

        string program = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) != "dotnet"
            ? Quote(Shorter(own))
            : $"dotnet {Quote(Shorter(Path.Combine(AppContext.BaseDirectory, "DigitRecognition.dll")))}";
        return string.Join(' ', arguments.Select(Quote).Prepend(program));
    }

    /// <summary>Gets the command that runs a sample of this repository; null where the program is outside of it.</summary>
    public static string? OfSample(string name, params IEnumerable<string> arguments)
    {
        string? project = SampleFolder.FindOrNull() is { } samples ? Path.Combine(samples, name) : null;
        if (!File.Exists(Path.Combine(project ?? "", $"{name}.csproj")))
        {
            return null;
        }

        string[] quoted = [.. arguments.Select(Quote)];
        string run = $"dotnet run -c Release --project {Quote(Shorter(project!))}";
        return quoted.Length == 0 ? run : $"{run} -- {string.Join(' ', quoted)}";
    }

    /// <summary>Gets a path relative to the current folder, if it is below it.</summary>
    public static string Shorter(string path)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(path) : relative;
    }

    /// <summary>Gets a text as one argument of the system's usual shell.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(s_plain) ? text
        : OperatingSystem.IsWindows() ? $"\"{text}\""
        : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
