namespace MnistMlNet;

/// <summary>
/// What early stopping and the choice of the best epoch go by; of the validation rows where there are any, else of the training rows.
/// </summary>
public enum EarlyStoppingMetric
{
    /// <summary>The mean cross-entropy, less is better. The default.</summary>
    Loss,

    /// <summary>The share of rows whose most probable class is their label, more is better.</summary>
    Accuracy,
}
