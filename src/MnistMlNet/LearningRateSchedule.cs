namespace MnistMlNet;

/// <summary>How the learning rate moves while training.</summary>
public enum LearningRateSchedule
{
    /// <summary>The same for every step: <c>ηₜ = η</c>.</summary>
    Constant,

    /// <summary>Half a cosine from η to 0 over all steps, <c>ηₜ = η · ½(1 + cos(π t / T))</c> (Loshchilov and Hutter 2017, arXiv:1608.03983). The default.</summary>
    Cosine,
}
