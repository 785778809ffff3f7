using System.Text;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>Console output: colours, bars and spinners on a terminal; plain lines in a file or a pipe.</summary>
internal static class Screen
{
    private const int PlainWidth = 160;

    private static IAnsiConsole? s_console;

    // Made on first use, after the encoding was set: Spectre.Console keeps the writer that it finds.
    public static IAnsiConsole Console => s_console ??= AnsiConsole.Console;

    /// <summary>True where the output can't move the cursor or use colours.</summary>
    public static bool IsPlain { get; private set; } = true;

    public static TableBorder TableBorder => IsPlain ? TableBorder.Markdown : TableBorder.Simple;

    /// <summary>True where a pixel can be shown as a shade of grey.</summary>
    public static bool HasGreys => !IsPlain && HasUnicode && Console.Profile.Capabilities.ColorSystem >= ColorSystem.EightBit;

    /// <summary>True where the output has the characters of bars and sparklines.</summary>
    public static bool HasUnicode { get; private set; } = true;

    /// <summary>The number of columns.</summary>
    public static int Width => Console.Profile.Width;

    public static void Start()
    {
        IsPlain = System.Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb";

        // Files are UTF-8, and Windows' console is set to it. Elsewhere the terminal's encoding is that of the locale.
        Encoding own = System.Console.OutputEncoding;
        HasUnicode = IsPlain || OperatingSystem.IsWindows() || own.CodePage == Encoding.UTF8.CodePage;
        System.Console.OutputEncoding = HasUnicode
            ? Encoding.UTF8 : Encoding.GetEncoding(own.WebName, new AsciiFallback(), DecoderFallback.ReplacementFallback);
        if (!IsPlain)
        {
            return;
        }

        // Set explicitly, since Spectre.Console's own detection turns colours on under some build servers.
        s_console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        Console.Profile.Width = PlainWidth;
    }

    /// <summary>
    /// Writes a line of Spectre.Console markup; text from files or users must be escaped with <see cref="Markup.Escape"/> first.
    /// </summary>
    public static void Line(string markup = "") => Console.MarkupLine(markup);

    /// <summary>Writes a text as it is: a command or a path that is copied must not be cut into lines.</summary>
    public static void Verbatim(string text) => System.Console.WriteLine(text);

    /// <summary>Writes parts of a sentence, each of them markup, with as many on a line as fit.</summary>
    public static void Parts(params IEnumerable<string> parts)
    {
        foreach (string line in Joined(parts, Width))
        {
            Line(line);
        }
    }

    /// <summary>Joins parts by semicolons; a line ends before the part that would exceed <paramref name="width"/>.</summary>
    public static IEnumerable<string> Joined(IEnumerable<string> parts, int width)
    {
        string line = "";
        foreach (string part in parts)
        {
            string longer = line.Length == 0 ? part : $"{line}; {part}";
            if (line.Length > 0 && Markup.Remove(longer).Length > width)
            {
                yield return line;
                longer = part;
            }

            line = longer;
        }

        yield return line;
    }

    public static void Heading(string text)
    {
        Line();
        Line($"[bold]{Markup.Escape(text)}[/]");
    }

    public static void Warning(string text) => Line($"[yellow]warning:[/] {Markup.Escape(text)}");

    /// <summary>
    /// Writes an error to the error stream, without line wrapping, so that a path in it can be copied. A second line says what to do.
    /// </summary>
    public static void Error(string text) =>
        System.Console.Error.WriteLine("error: " + text.Replace("\n", "\n       ", StringComparison.Ordinal));

    /// <summary>
    /// Runs <paramref name="work"/> with a spinner; <paramref name="work"/> may change the text, as Spectre.Console markup, through the
    /// action it gets.
    /// </summary>
    public static T Busy<T>(string text, Func<Action<string>, T> work)
    {
        if (IsPlain)
        {
            Line(Markup.Escape(text));
            return work(_ => { });
        }

        return Console.Status().Spinner(HasUnicode ? Spinner.Known.Default : Spinner.Known.Line)
            .Start(Markup.Escape(text), context => work(changed => context.Status(changed)));
    }

    /// <summary>
    /// Runs <paramref name="work"/> with a progress bar; <paramref name="work"/> reports how much is done, out of <paramref name="total"/>.
    /// </summary>
    public static void Bar(string text, long total, Action<Action<long>> work)
    {
        if (IsPlain)
        {
            work(_ => { });
            return;
        }

        Console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(text), maxValue: total);
                work(done => task.Value = done);
                task.Value = total;
            });
    }
}
