using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MnistMlNet;

/// <summary>
/// Shows the progress of training on the console: a bar, loss and accuracy or RMSE, those of the validation rows, rows per second and the
/// time left.
/// </summary>
/// <remarks>
/// On a terminal, one line that is rewritten after each epoch. Where the output is a file or a pipe, one line for each epoch.
/// </remarks>
/// <example>
/// <code>
/// var options = new TwoLayerNetworkTrainer.Options { EpochCallback = ConsoleProgress.Create(mlContext) };
/// </code>
/// </example>
public static class ConsoleProgress
{
    // For each context the outputs that its warnings go to, so that a second trainer of the context doesn't write them twice.
    private static readonly ConditionalWeakTable<MLContext, Dictionary<TextWriter, ProgressLine>> s_attached = [];

    /// <summary>Creates a callback for <see cref="TwoLayerNetworkOptions.EpochCallback"/>.</summary>
    /// <param name="mlContext">Its warnings, such as the number of skipped rows, are written too; null to write none.</param>
    /// <param name="output">Where to write lines; null for the console.</param>
    /// <returns>The callback. One callback is for one training at a time.</returns>
    public static Action<TrainingEpoch> Create(MLContext? mlContext = null, TextWriter? output = null)
    {
        TextWriter writer = output ?? Console.Out;
        if (mlContext is null)
        {
            return Line(writer, output is null).Report;
        }

        lock (s_attached)
        {
            Dictionary<TextWriter, ProgressLine> lines = s_attached.GetOrCreateValue(mlContext);
            if (!lines.TryGetValue(writer, out ProgressLine? line))
            {
                line = Line(writer, output is null);
                lines.Add(writer, line);
                mlContext.Log += (_, message) =>
                {
                    if (message.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error)
                    {
                        line.Warn($"{message.Kind.ToString().ToLowerInvariant()}: {message.RawMessage}");
                    }
                };
            }

            return line.Report;
        }
    }

    /// <summary>Ends the lines of a training that has ended, however it ended.</summary>
    internal static void End(Action<TrainingEpoch>? callback)
    {
        foreach (Delegate called in callback?.GetInvocationList() ?? [])
        {
            (called.Target as ProgressLine)?.End();
        }
    }

    private static ProgressLine Line(TextWriter writer, bool isConsole) => new(writer, isConsole ? Width : () => null);

    /// <summary>Gets the width of the terminal; null where the output isn't one.</summary>
    private static int? Width()
    {
        if (Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb" || OperatingSystem.IsBrowser()
            || OperatingSystem.IsAndroid() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS())
        {
            return null;
        }

        try
        {
            return Console.WindowWidth is > 0 and var width ? width : null;
        }
        catch (IOException)                                                        // a console without a window
        {
            return null;
        }
    }
}
