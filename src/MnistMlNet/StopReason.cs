namespace MnistMlNet;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs of <c>NumberOfEpochs</c> were done.</summary>
    EpochLimit,

    /// <summary>The metric of <c>EarlyStoppingMetric</c> didn't improve for <c>EarlyStoppingPatience</c> epochs.</summary>
    EarlyStopping,

    /// <summary>
    /// L-BFGS can't lower the loss further: the gradient is 0 within the tolerance, or the line search finds no step that lowers the loss.
    /// </summary>
    Converged,

    /// <summary>
    /// A loss or a parameter was no longer finite, and <c>RestoreBestEpoch</c> returned the parameters of the best epoch so far, or of the
    /// last epoch where none had a finite validation loss.
    /// </summary>
    Diverged,

    /// <summary>
    /// Training was canceled, and <c>KeepBestOnCancel</c> returned the parameters of the best epoch so far, or of the last epoch where none
    /// had a finite validation loss.
    /// </summary>
    Canceled,
}

/// <summary>Why training ended, as a value and in words.</summary>
internal readonly record struct Stop(StopReason Reason, string Description)
{
    public static readonly Stop EpochLimit = new(StopReason.EpochLimit, "The epoch limit was reached.");
}
