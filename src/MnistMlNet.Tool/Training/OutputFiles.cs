using MnistMlNet.Primitives;

namespace MnistMlNet.Tool.Training;

/// <summary>The files that a training writes; null for none.</summary>
internal sealed record OutputFiles(string Model, string? Report, string? Predictions)
{
    /// <summary>Finds out now whether they can be written, not after the training.</summary>
    public void Check()
    {
        AtomicFile.CheckWritable(Model, "--model");
        if (Report is not null)
        {
            AtomicFile.CheckWritable(Report, "--report");
        }

        if (Predictions is not null)
        {
            AtomicFile.CheckWritable(Predictions, "--predictions");
        }
    }
}
