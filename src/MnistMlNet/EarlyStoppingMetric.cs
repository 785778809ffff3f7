namespace MnistMlNet;

/// <summary>
/// The metric for early stopping and for the choice of the best epoch. It is measured on the validation rows, or on the training rows
/// without validation data.
/// </summary>
public enum EarlyStoppingMetric
{
    /// <summary>The mean cross-entropy; lower is better. The default.</summary>
    Loss,

    /// <summary>The fraction of rows whose most probable class is their label; higher is better.</summary>
    Accuracy,
}
