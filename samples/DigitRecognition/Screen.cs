using System.Text;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>Console output: colours, bars and spinners on a terminal; plain lines in a file or a pipe.</summary>
internal static class Screen
{
    private const int PlainWidth = 160;

    public static IAnsiConsole Console { get; private set; } = AnsiConsole.Console;

    /// <summary>True where the output can't move the cursor or use colours.</summary>
    public static bool IsPlain { get; private set; } = true;

    public static TableBorder TableBorder => IsPlain ? TableBorder.Markdown : TableBorder.Simple;

    /// <summary>True where a pixel can be shown as a shade of grey.</summary>
    public static bool HasGreys => !IsPlain && Console.Profile.Capabilities.ColorSystem >= ColorSystem.EightBit;

    public static void Start()
    {
        System.Console.OutputEncoding = Encoding.UTF8;
        IsPlain = System.Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb";
        if (!IsPlain)
        {
            return;
        }

        // Set explicitly, since Spectre.Console's own detection turns colours on under some build servers.
        Console = AnsiConsole.Create(new AnsiConsoleSettings
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

    public static void Heading(string text)
    {
        Line();
        Line($"[bold]{Markup.Escape(text)}[/]");
    }

    public static void Warning(string text) => Line($"[yellow]warning:[/] {Markup.Escape(text)}");

    /// <summary>Writes an error to the error stream, without line wrapping, so that a path in it can be copied.</summary>
    public static void Error(string text) => System.Console.Error.WriteLine("error: " + text);

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

        return Console.Status().Start(Markup.Escape(text), context => work(changed => context.Status(changed)));
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
