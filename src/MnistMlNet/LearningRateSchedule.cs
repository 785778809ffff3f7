namespace MnistMlNet;

/// <summary>
/// How the learning rate changes during training. t is the number of the step and e that of the epoch, both from 0; T is the number of all
/// steps.
/// </summary>
public enum LearningRateSchedule
{
    /// <summary>The same for every step: <c>ηₜ = η</c>.</summary>
    Constant,

    /// <summary>
    /// Half a period of a cosine, from η to 0 over all steps: <c>ηₜ = η · ½(1 + cos(π t / T))</c> (Loshchilov and Hutter 2017,
    /// arXiv:1608.03983). The default with Adam and RMSProp.
    /// </summary>
    Cosine,

    /// <summary>A linear decay from η to 0 over all steps: <c>ηₜ = η · (1 - t / T)</c>.</summary>
    Linear,

    /// <summary>
    /// Multiplied by <c>LearningRateDropFactor</c> every <c>LearningRateDropEpochs</c> epochs N: <c>η · factor^⌊e / N⌋</c>.
    /// </summary>
    Step,

    /// <summary>Decreases with each epoch: <c>η / (1 + e)^power</c> with <c>InverseScalingPower</c>.</summary>
    InverseScaling,

    /// <summary>
    /// Multiplied by <c>LearningRateDropFactor</c> whenever the loss hasn't fallen by more than <c>EarlyStoppingTolerance</c> for
    /// <c>LearningRateDropEpochs</c> epochs. The loss is that of the validation rows, or of the training rows without validation data.
    /// </summary>
    OnPlateau,
}
