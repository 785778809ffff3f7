using MnistMlNet.Reporting;

namespace DigitRecognition;

/// <summary>The parts of the report that only this program knows: what the digits are, their files, and the time of each step.</summary>
internal static class ReportSettings
{
    /// <param name="digits">The training and test digits.</param>
    /// <param name="start">The numbers that the trainer logged at its start.</param>
    /// <param name="timings">The steps of the run.</param>
    public static TrainingReportOptions Of(
        DigitSource digits, TrainingStart? start, IReadOnlyList<KeyValuePair<string, string>> timings) => new()
        {
            Title = "What the network learned",
            Introduction = "The features are the pixels of handwritten digits. Each hidden unit computes a weighted sum of all pixels and "
                + "is active if the sum is high enough; each output computes a weighted sum of all hidden units; the largest output is the "
                + "prediction.",
            AdditionalSections =
            [
                .. digits.Files.Select(Provenance.Of).Select(file => new ReportSection(
                    file.Use,
                    [
                        new("File", file.Name), new("Rows", file.Rows), new("SHA-256 (uncompressed)", file.Sha256),
                        new("Origin and licence", file.Origin),
                    ])),
                new ReportSection("Timings", [.. timings, .. start is null ? [] : Of(start)]),
            ],
            Written = DateTimeOffset.UtcNow,
        };

    private static KeyValuePair<string, string>[] Of(TrainingStart start) =>
        [new("Threads of the training, at most", $"{start.Threads}"), new("Kernels of the training", start.Tier)];
}
