namespace MnistMlNet.Optimizers.Lbfgs;

/// <summary>
/// Searches a line for a step that meets the strong Wolfe conditions (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithms 3.5
/// and 3.6).
/// </summary>
/// <remarks>
/// Sufficient decrease: <c>φ(α) ≤ φ(0) + c₁ α φ'(0)</c>. Curvature: <c>|φ'(α)| ≤ c₂ |φ'(0)|</c>.
/// The search requests one point after another (<see cref="Step"/>, then <see cref="Update"/>), so the caller, who evaluates them, may stop
/// in between. A point that isn't finite counts as infinitely high: the search continues with shorter steps.
/// </remarks>
internal sealed class LbfgsLineSearch
{
    public const double SufficientDecrease = 1e-4;
    public const double Curvature = 0.9;
    public const int MaxEvaluations = 20;

    /// <summary>The minimum relative width of the bracket: steps are floats, and a narrower bracket contains no other float.</summary>
    private const double MinBracket = 1.0 / (1 << 22);

    /// <summary>The minimum distance of an interpolated step from the ends of the bracket, relative to its width.</summary>
    private const double Margin = 0.1;

    /// <summary>If an interpolated step leaves more than this part of the bracket's width, the bracket is bisected next.</summary>
    private const double SlowShrinking = 2.0 / 3;

    private readonly LinePoint _start;
    private LinePoint _low;                                                    // the lowest point with sufficient decrease, or the start
    private LinePoint _high;                                                   // the other end of the bracket, once there is one
    private bool _isBracketed;

    /// <param name="start">The point at α = 0; its slope is below 0.</param>
    /// <param name="firstStep">The first α to evaluate, above 0.</param>
    public LbfgsLineSearch(LinePoint start, double firstStep)
    {
        _start = start;
        _low = start;
        Step = (float)firstStep;
    }

    /// <summary>Gets the next α at which to evaluate the function. Its value is a float.</summary>
    public double Step { get; private set; }

    /// <summary>Gets whether the search is over.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Gets whether <see cref="Best"/> meets both conditions.</summary>
    public bool StrongWolfe { get; private set; }

    /// <summary>Gets the accepted point; else the lowest point with sufficient decrease, if there is one; else the start.</summary>
    public LinePoint Best => _low;

    public int Evaluations { get; private set; }

    /// <summary>Receives the function's value and slope at <see cref="Step"/>, and chooses the next step.</summary>
    public void Update(LinePoint point)
    {
        Evaluations++;
        double width = Math.Abs(_high.Step - _low.Step);
        bool wasBracketed = _isBracketed;
        if (!point.IsFinite || point.Loss > _start.Loss + SufficientDecrease * point.Step * _start.Slope || point.Loss >= _low.Loss)
        {
            _high = point;
            _isBracketed = true;
        }
        else
        {
            Descend(point);
        }

        if (IsDone)
        {
            return;
        }

        if (_isBracketed)
        {
            Step = (float)ChooseInside(bisect: wasBracketed && Math.Abs(_high.Step - _low.Step) > SlowShrinking * width);
        }

        IsDone = Evaluations == MaxEvaluations
            || (_isBracketed && Math.Abs(_high.Step - _low.Step) <= MinBracket * Math.Max(_high.Step, _low.Step));
    }

    /// <summary>Records a point that is lower than all before it.</summary>
    private void Descend(LinePoint point)
    {
        LinePoint previous = _low;
        _low = point;
        if (Math.Abs(point.Slope) <= -Curvature * _start.Slope)
        {
            StrongWolfe = IsDone = true;
        }
        else if (!_isBracketed)
        {
            if (point.Slope >= 0)
            {
                _high = previous;
                _isBracketed = true;
            }
            else
            {
                // Extrapolation, within the bounds of Moré and Thuente.
                double advance = point.Step - previous.Step;
                double cubic = CubicMinimizer(previous, point);
                Step = (float)(double.IsFinite(cubic) && cubic > point.Step
                    ? Math.Clamp(cubic, point.Step + 1.1 * advance, point.Step + 4 * advance)
                    : point.Step + 4 * advance);
            }
        }
        else if (point.Slope * (_high.Step - point.Step) >= 0)
        {
            _high = previous;
        }
    }

    /// <summary>Chooses a step between the ends of the bracket.</summary>
    private double ChooseInside(bool bisect)
    {
        double middle = (_low.Step + _high.Step) / 2;
        if (bisect || !_high.IsFinite)
        {
            return middle;
        }

        double margin = Margin * Math.Abs(_high.Step - _low.Step);
        double cubic = CubicMinimizer(_low, _high);
        return double.IsFinite(cubic)
            ? Math.Clamp(cubic, Math.Min(_low.Step, _high.Step) + margin, Math.Max(_low.Step, _high.Step) - margin)
            : middle;
    }

    /// <summary>The minimizer of the cubic through two points with their slopes (equation 3.59); NaN if it has no minimum.</summary>
    private static double CubicMinimizer(LinePoint a, LinePoint b)
    {
        double d1 = a.Slope + b.Slope - 3 * (a.Loss - b.Loss) / (a.Step - b.Step);
        double d2 = Math.CopySign(Math.Sqrt(d1 * d1 - a.Slope * b.Slope), b.Step - a.Step);
        return b.Step - (b.Step - a.Step) * (b.Slope + d2 - d1) / (b.Slope - a.Slope + 2 * d2);
    }
}

/// <summary>A point on the line of a line search.</summary>
/// <param name="Step">The step α from the start of the line.</param>
/// <param name="Loss">φ(α).</param>
/// <param name="Slope">φ'(α), the gradient times the direction.</param>
internal readonly record struct LinePoint(double Step, double Loss, double Slope)
{
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(Slope);
}
