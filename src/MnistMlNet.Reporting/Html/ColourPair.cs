namespace MnistMlNet.Reporting.Html;

/// <summary>A colour of letters or lines and the colour behind them, as <c>#rrggbb</c>.</summary>
/// <param name="Text">The colour in front.</param>
/// <param name="Background">The colour behind.</param>
internal sealed record ColourPair(string Text, string Background);
