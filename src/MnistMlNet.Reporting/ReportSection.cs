namespace MnistMlNet.Reporting;

/// <summary>A section of a report with a list of names and values.</summary>
/// <param name="Heading">The heading of the section.</param>
/// <param name="Facts">The names and values, in the order in which they are shown; plain text.</param>
public sealed record ReportSection(string Heading, IReadOnlyList<KeyValuePair<string, string>> Facts);
