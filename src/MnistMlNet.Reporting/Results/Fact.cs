namespace MnistMlNet.Reporting.Results;

/// <summary>A line of one of the report's lists.</summary>
/// <param name="Name">What the value is.</param>
/// <param name="Value">The value.</param>
internal sealed record Fact(string Name, string Value);
