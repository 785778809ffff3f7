namespace MnistMlNet.Training;

/// <summary>The learning rate of each step.</summary>
internal readonly struct LearningRatePlan(LearningRateSchedule schedule, float learningRate, long stepCount)
{
    /// <param name="step">The step's number, from 0.</param>
    public float At(long step) => schedule switch
    {
        LearningRateSchedule.Cosine => (float)(learningRate * 0.5 * (1 + Math.Cos(Math.PI * step / stepCount))),
        _ => learningRate,
    };
}
