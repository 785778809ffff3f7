using System.CommandLine;

namespace DigitRecognition;

/// <summary>All commands with their options.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        RootCommand root = new("Learns to read handwritten digits with ML.NET and MnistMlNet's two-layer network. Without arguments: "
            + "trains on MNIST, tests, and saves digits.zip.");
        TrainCommand.AddTo(root);
        root.Subcommands.Add(PredictCommand.Create());
        return root;
    }
}
