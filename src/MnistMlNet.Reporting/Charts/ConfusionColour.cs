namespace MnistMlNet.Reporting.Charts;

/// <summary>The colour steps of a confusion matrix: the class of a cell in the style sheet.</summary>
internal static class ConfusionColour
{
    /// <summary>Upper bounds of the steps of mistakes, as fractions of the row; there is one more step than bounds.</summary>
    public static IReadOnlyList<double> WrongSteps { get; } = [0.0025, 0.005, 0.01, 0.02];

    /// <summary>Upper bounds of the steps of correct predictions.</summary>
    public static IReadOnlyList<double> RightSteps { get; } = [0.95, 0.98];

    public static string Of(double count, double rows, bool isRight) => (count, isRight) switch
    {
        (0, _) => "none",
        (_, true) => $"right{Step(RightSteps, count / rows)}",
        _ => $"wrong{Step(WrongSteps, count / rows)}",
    };

    private static int Step(IReadOnlyList<double> bounds, double fraction) => bounds.Count(bound => fraction >= bound);
}
