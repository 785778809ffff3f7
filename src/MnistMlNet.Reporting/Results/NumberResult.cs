using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Reporting.Results;

/// <summary>The result of a regression of one number or several.</summary>
internal sealed class NumberResult : TaskResult
{
    public required IReadOnlyList<string> OutputNames { get; init; }

    /// <summary>The true numbers of each row, one an output.</summary>
    public required IReadOnlyList<float[]> Labels { get; init; }

    /// <summary>The predicted numbers of each row, one an output.</summary>
    public required IReadOnlyList<float[]> Predictions { get; init; }

    /// <summary>The errors of each output.</summary>
    public IReadOnlyList<NumberErrors> Errors => field ??= [.. Enumerable.Range(0, OutputNames.Count).Select(output =>
        NumberErrors.Of(Labels.Select(row => row[output]), Predictions.Select(row => row[output])))];

    /// <summary>Null: the loss of the training is that of standardized targets.</summary>
    public override double? Loss => null;

    /// <summary>The root of the mean squared error over all rows and outputs, as the history of the training has it.</summary>
    public double RootMeanSquaredError => Math.Sqrt(Errors.Average(errors => errors.RootMeanSquaredError * errors.RootMeanSquaredError));

    /// <inheritdoc/>
    public override IReadOnlyList<Fact> Measures =>
    [
        new(Errors.Count == 1 ? "test R²" : "mean test R²", PageNumber.Fraction(Errors.Average(errors => errors.RSquared))),
        new("test RMSE", PageNumber.Measure(RootMeanSquaredError)),
        new("mean absolute error", PageNumber.Measure(Errors.Average(errors => errors.MeanAbsoluteError))),
        new("test rows", $"{Rows.Count:N0}"),
    ];
}
