namespace MnistMlNet.Optimizers.Lbfgs;

/// <summary>A point on a line of search.</summary>
/// <param name="Step">The step α from the line's start.</param>
/// <param name="Loss">φ(α).</param>
/// <param name="Slope">φ'(α), the gradient times the direction.</param>
internal readonly record struct LinePoint(double Step, double Loss, double Slope)
{
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(Slope);
}
