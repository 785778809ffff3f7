using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MnistMlNet.Tests;

/// <summary>The trainer's messages from a context's <c>Log</c> event, from now on.</summary>
internal sealed class LogMessages
{
    private readonly List<LoggingEventArgs> _messages = [];

    public LogMessages(MLContext mlContext)
    {
        mlContext.Log += (_, message) =>
        {
            if (message.Source.Contains("TwoLayerNetwork", StringComparison.Ordinal))
            {
                _messages.Add(message);
            }
        };
    }

    public IReadOnlyList<string> Warnings => Of(ChannelMessageKind.Warning);

    public IReadOnlyList<string> Infos => Of(ChannelMessageKind.Info);

    private List<string> Of(ChannelMessageKind kind) =>
        [.. _messages.Where(message => message.Kind == kind).Select(message => message.RawMessage)];
}
