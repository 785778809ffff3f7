using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Reporting.Results;

/// <summary>The result of a model of two or many classes.</summary>
internal sealed class ClassResult : TaskResult
{
    /// <summary>The smallest probability of which a logarithm is taken, as in ML.NET's log-loss.</summary>
    private const double MinProbability = 1e-15;

    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The true class of each row.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>The predicted class of each row.</summary>
    public required IReadOnlyList<int> Predictions { get; init; }

    /// <summary>The probability of the predicted class, a row.</summary>
    public required IReadOnlyList<float> Confidences { get; init; }

    /// <summary>The probability of the true class, a row.</summary>
    public required IReadOnlyList<float> LabelProbabilities { get; init; }

    /// <summary>The probability of the second class, a row; null for a model of many classes.</summary>
    public IReadOnlyList<float>? PositiveProbabilities { get; init; }

    /// <summary>The number of rows of class <c>[truth]</c> that were predicted as class <c>[prediction]</c>.</summary>
    public double[][] Confusion => field ??= Count();

    /// <summary>The mean of <c>-ln p[label]</c>, in nats.</summary>
    public double LogLoss => LabelProbabilities.Average(p => -Math.Log(Math.Max(p, MinProbability)));

    /// <inheritdoc/>
    public override double? Loss => Rows.Count == 0 ? null : LogLoss;

    /// <summary>How well probabilities and frequencies agree: of two classes those of the second, else of the predicted one.</summary>
    public Calibration Calibration => field ??= PositiveProbabilities is { } positive
        ? Calibration.Of(positive.Zip(Labels, (probability, label) => (probability, label == 1)))
        : Calibration.Of(Confidences.Select((confidence, row) => (confidence, Predictions[row] == Labels[row])));

    /// <inheritdoc/>
    public override IReadOnlyList<Fact> Measures
    {
        get
        {
            ClassScores scores = new(Confusion);
            return
            [
                new("test accuracy", PageNumber.Percent(scores.Accuracy, 2)),
                new("mistakes", $"{scores.Total - scores.RightTotal:N0} of {scores.Total:N0}"),
                new("test log-loss", $"{LogLoss:F4} nats"),
                PositiveProbabilities is { } positive
                    ? new("area under ROC", PageNumber.Fraction(RocCurve.Area(positive, Labels)))
                    : new("macro accuracy", PageNumber.Percent(scores.MeanRecall, 2)),
                new("calibration error", PageNumber.Percent(Calibration.ExpectedError, 2)),
            ];
        }
    }

    private double[][] Count()
    {
        double[][] counts = [.. ClassNames.Select(_ => new double[ClassNames.Count])];
        for (int row = 0; row < Labels.Count; row++)
        {
            counts[Labels[row]][Predictions[row]]++;
        }

        return counts;
    }
}
