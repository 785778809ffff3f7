using System.Globalization;

namespace MnistMlNet;

/// <summary>The results of one epoch, which is one pass over the training rows.</summary>
/// <param name="Epoch">The epoch's number, from 1.</param>
/// <param name="TrainLoss">Mean cross-entropy of the training rows in nats, weighted by example weights. Each row is measured just before
/// the update that uses it.</param>
/// <param name="TrainAccuracy">Fraction of the training rows, 0..1, whose most probable class was their label; measured like
/// <paramref name="TrainLoss"/>.</param>
/// <param name="ValidationLoss">Mean cross-entropy of the validation rows after the epoch; null without validation data.</param>
/// <param name="ValidationAccuracy">Fraction of the validation rows, 0..1, whose most probable class is their label; null without
/// validation data.</param>
/// <param name="LearningRate">The learning rate of the epoch's last step.</param>
/// <param name="Elapsed">Time since training began, without the time to read the rows.</param>
public sealed record TrainingEpoch(
    int Epoch, double TrainLoss, double TrainAccuracy, double? ValidationLoss, double? ValidationAccuracy, float LearningRate,
    TimeSpan Elapsed)
{
    /// <summary>The numbers of <see cref="Errors"/>.</summary>
    internal const int ErrorCount = 4;

    /// <summary>Gets the number of epochs after which training ends, unless something ends it earlier.</summary>
    /// <value>Null where it isn't known: the epoch wasn't made by a trainer.</value>
    public int? TotalEpochs { get; init; }

    /// <summary>Gets the number of rows that the epoch trained on.</summary>
    /// <value>Null where it isn't known: the epoch wasn't made by a trainer.</value>
    public long? RowCount { get; init; }

    /// <summary>
    /// Gets R² of the training rows: 1 - the mean squared error / the variance of the targets, averaged over the outputs in their
    /// standardized units. 1 is perfect, 0 is that of always predicting the mean.
    /// </summary>
    /// <value>Null where labels aren't numbers; NaN where all targets are equal.</value>
    public double? TrainRSquared { get; init; }

    /// <summary>Gets the root of the mean squared error of the training rows and outputs, in the label's unit.</summary>
    /// <value>Null where labels aren't numbers.</value>
    public double? TrainRootMeanSquaredError { get; init; }

    /// <summary>Gets R² of the validation rows after the epoch; see <see cref="TrainRSquared"/>.</summary>
    /// <value>Null where labels aren't numbers, or without validation data.</value>
    public double? ValidationRSquared { get; init; }

    /// <summary>Gets the root of the mean squared error of the validation rows and outputs after the epoch, in the label's unit.</summary>
    /// <value>Null where labels aren't numbers, or without validation data.</value>
    public double? ValidationRootMeanSquaredError { get; init; }

    /// <summary>Gets losses, and accuracies or errors, as they are shown in logs.</summary>
    internal string Measures => Describe("training accuracy", TrainLoss, TrainAccuracy, TrainRootMeanSquaredError, TrainRSquared)
        + (ValidationLoss is not { } loss ? "" : ", validation " + Describe(
            "accuracy", loss, ValidationAccuracy, ValidationRootMeanSquaredError, ValidationRSquared));

    /// <summary>Gets the measures of numbers, as they are saved; NaN for null.</summary>
    internal double[] Errors =>
    [
        TrainRSquared ?? double.NaN, TrainRootMeanSquaredError ?? double.NaN, ValidationRSquared ?? double.NaN,
        ValidationRootMeanSquaredError ?? double.NaN,
    ];

    // A regression has no accuracy, and constant targets have no R².
    private static string Describe(string accuracyName, double loss, double? accuracy, double? error, double? rSquared) =>
        string.Create(CultureInfo.InvariantCulture, $"loss {loss:F4}")
        + (error is null ? string.Create(CultureInfo.InvariantCulture, $", {accuracyName} {accuracy:P2}")
            : string.Create(CultureInfo.InvariantCulture, $", RMSE {error:G5}"))
        + (rSquared is null or double.NaN ? "" : string.Create(CultureInfo.InvariantCulture, $", R² {rSquared:F4}"));

    /// <summary>Makes an epoch of what was saved. An error that is NaN stands for labels that aren't numbers.</summary>
    internal static TrainingEpoch Create(
        int epoch, double trainLoss, double trainAccuracy, double validationLoss, double validationAccuracy, float learningRate,
        TimeSpan elapsed, bool isValidated, ReadOnlySpan<double> errors)
    {
        bool areNumbers = !double.IsNaN(errors[1]);
        return new TrainingEpoch(
            epoch, trainLoss, trainAccuracy, isValidated ? validationLoss : null,
            isValidated && !double.IsNaN(validationAccuracy) ? validationAccuracy : null, learningRate, elapsed)
        {
            TrainRSquared = areNumbers ? errors[0] : null,
            TrainRootMeanSquaredError = areNumbers ? errors[1] : null,
            ValidationRSquared = areNumbers && isValidated ? errors[2] : null,
            ValidationRootMeanSquaredError = areNumbers && isValidated ? errors[3] : null,
        };
    }
}
