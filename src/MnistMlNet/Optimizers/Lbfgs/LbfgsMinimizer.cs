using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers.Lbfgs;

/// <summary>
/// Minimizes a smooth function of many parameters by L-BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.5), one
/// iteration per call.
/// </summary>
/// <remarks>
/// Each iteration searches along <c>-H g</c>, with H from the last m steps, by <see cref="LbfgsLineSearch"/>. The first iteration, and any
/// whose direction isn't a descent direction, searches along <c>-g</c>, with a first step of length 1. Memory: 2 m + 6 blocks of the
/// parameters' size. All sums are in double and in a fixed order, so the bits of the result depend only on those of the function.
/// </remarks>
internal sealed class LbfgsMinimizer
{
    public const float DefaultGradientTolerance = 1e-5f;

    private readonly int _length;
    private readonly int _historySize;
    private readonly LbfgsHistory _history;
    private readonly AlignedArray _direction;
    private readonly AlignedArray _origin;                                     // the parameters that the iteration starts from
    private AlignedArray _gradient;                                            // at the origin
    private AlignedArray _trialGradient;                                       // at the step that was evaluated last
    private double _loss = double.NaN;
    private bool _isEvaluated;

    /// <param name="length">The number of parameters.</param>
    /// <param name="historySize">The number m of steps from which the curvature is estimated, 1 or more.</param>
    public LbfgsMinimizer(int length, int historySize = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(historySize);
        _length = length;
        _historySize = historySize;
        _history = new LbfgsHistory(length, historySize);
        _direction = new AlignedArray(length);
        _origin = new AlignedArray(length);
        _gradient = new AlignedArray(length);
        _trialGradient = new AlignedArray(length);
    }

    /// <summary>Gets the magnitude that no entry of the gradient may exceed for the search to have converged.</summary>
    public float GradientTolerance { get; init; } = DefaultGradientTolerance;

    /// <summary>Gets the relative decrease of the loss below which an iteration ends the search; 0 for none.</summary>
    public double MinRelativeDecrease { get; init; }

    /// <summary>The number of blocks, each of the parameters' size, that a minimizer allocates.</summary>
    public static int CountBlocks(int historySize) =>
        4 + 2 * (historySize + 1);                                             // direction, origin, two gradients; the pairs and a new one

    /// <summary>Does one iteration: computes a direction and searches along it.</summary>
    /// <param name="evaluate">The function; it reads the parameters in place. Its last call in the iteration is at the resulting
    /// parameters.</param>
    /// <param name="parameters">Changed in place; restored if no lower loss was found, or if <paramref name="evaluate"/> throws.</param>
    public LbfgsOutcome Step(LbfgsEvaluate evaluate, Span<float> parameters)
    {
        if (parameters.Length != _length)
        {
            throw new ArgumentException($"parameters has {parameters.Length} values; the minimizer was made for {_length}.",
                nameof(parameters));
        }

        int evaluations = 0;
        if (!_isEvaluated)
        {
            _loss = evaluate(_gradient.Span);
            _isEvaluated = true;
            evaluations++;
        }

        float largest = FloatVectors.MaxMagnitude(_gradient.Span);
        if (!double.IsFinite(_loss) || !float.IsFinite(largest))
        {
            return new LbfgsOutcome(LbfgsStatus.NotFinite, _loss, largest, 0, StrongWolfe: false, evaluations);
        }

        if (largest <= GradientTolerance)
        {
            return new LbfgsOutcome(LbfgsStatus.Converged, _loss, largest, 0, StrongWolfe: false, evaluations);
        }

        parameters.CopyTo(_origin.Span);
        try
        {
            return Advance(evaluate, parameters, evaluations);
        }
        catch
        {
            _origin.Span.CopyTo(parameters);
            throw;
        }
    }

    /// <summary>Copies the state. A minimizer that imports it continues with the same bits.</summary>
    public LbfgsState Export()
    {
        (float[][] steps, float[][] changes, double[] rho) = _history.Export();
        return new LbfgsState(_loss, _isEvaluated ? _gradient.Span.ToArray() : [], steps, changes, rho);
    }

    /// <summary>Restores an exported state. The next <see cref="Step"/> must get the parameters at which it was exported.</summary>
    /// <exception cref="ArgumentException">The state is for another number of parameters, has more pairs than fit this history, or its
    /// numbers of steps, gradient changes and rho differ.</exception>
    public void Import(LbfgsState state)
    {
        int pairs = state.Rho.Length;
        if (pairs > _historySize || state.Steps.Length != pairs || state.GradientChanges.Length != pairs)
        {
            throw new ArgumentException(
                $"The state has {state.Steps.Length} steps, {state.GradientChanges.Length} gradient changes and {pairs} rho; expected "
                    + $"equal numbers of each, at most {_historySize}.",
                nameof(state));
        }

        bool isEvaluated = state.Gradient.Length > 0;
        if (state.Steps.Concat(state.GradientChanges).Append(isEvaluated ? state.Gradient : null).FirstOrDefault(block =>
            block is not null && block.Length != _length) is { } mismatch)
        {
            throw new ArgumentException($"The state has a block of {mismatch.Length} values; the minimizer was made for {_length}.",
                nameof(state));
        }

        _history.Import(state.Steps, state.GradientChanges, state.Rho);
        _loss = state.Loss;
        _isEvaluated = isEvaluated;
        state.Gradient.CopyTo(_gradient.Span);
    }

    private LbfgsOutcome Advance(LbfgsEvaluate evaluate, Span<float> parameters, int evaluations)
    {
        while (true)
        {
            double slope = ComputeDirection();
            double firstStep = _history.Count > 0 ? 1 : 1 / Math.Sqrt(-slope);            // along -g the slope is -‖g‖²
            var search = new LbfgsLineSearch(new LinePoint(0, _loss, slope), firstStep);
            LinePoint point = default;
            while (!search.IsDone)
            {
                point = EvaluateAt(evaluate, parameters, search.Step);
                search.Update(point);
            }

            evaluations += search.Evaluations;
            if (search.Best.Step > 0)
            {
                if (point.Step != search.Best.Step)
                {
                    // The lowest point isn't the last one. Evaluate it again: its gradient is needed, and it must be the last evaluation.
                    EvaluateAt(evaluate, parameters, search.Best.Step);
                    evaluations++;
                }

                return AcceptStep(parameters, search, evaluations);
            }

            if (_history.Count == 0)
            {
                _origin.Span.CopyTo(parameters);
                evaluate(_trialGradient.Span);
                return new LbfgsOutcome(
                    LbfgsStatus.LineSearchFailed, _loss, FloatVectors.MaxMagnitude(_gradient.Span), 0, StrongWolfe: false, evaluations + 1);
            }

            _history.Clear();
        }
    }

    /// <summary>Computes the search direction.</summary>
    /// <returns>The slope along it, below 0.</returns>
    private double ComputeDirection()
    {
        _history.Direction(_gradient.Span, _direction.Span);
        double slope = LbfgsVectors.Dot(_gradient.Span, _direction.Span);
        if (!(slope < 0) || !double.IsFinite(slope))
        {
            _history.Clear();
            _history.Direction(_gradient.Span, _direction.Span);
            slope = LbfgsVectors.Dot(_gradient.Span, _direction.Span);
        }

        return slope;
    }

    private LinePoint EvaluateAt(LbfgsEvaluate evaluate, Span<float> parameters, double step)
    {
        FloatVectors.MultiplyAdd(_direction.Span, (float)step, _origin.Span, parameters);
        double loss = evaluate(_trialGradient.Span);
        return new LinePoint(step, loss, LbfgsVectors.Dot(_trialGradient.Span, _direction.Span));
    }

    private LbfgsOutcome AcceptStep(Span<float> parameters, LbfgsLineSearch search, int evaluations)
    {
        _history.Add(_origin.Span, parameters, _gradient.Span, _trialGradient.Span);
        (_gradient, _trialGradient) = (_trialGradient, _gradient);
        double decrease = _loss - search.Best.Loss;
        _loss = search.Best.Loss;
        float largest = FloatVectors.MaxMagnitude(_gradient.Span);
        LbfgsStatus status = largest <= GradientTolerance ? LbfgsStatus.Converged
            : decrease < MinRelativeDecrease * Math.Abs(_loss) ? LbfgsStatus.LossIsFlat
            : LbfgsStatus.Advanced;
        return new LbfgsOutcome(status, _loss, largest, search.Best.Step, search.StrongWolfe, evaluations);
    }
}

/// <summary>Computes the function that <see cref="LbfgsMinimizer"/> minimizes, at the current parameters.</summary>
/// <param name="gradient">Overwritten with the gradient, one value for each parameter.</param>
/// <returns>The value of the function. If it isn't finite, a shorter step is tried.</returns>
/// <remarks>If it throws, as in a canceled run, the minimizer and the parameters are as before the step.</remarks>
internal delegate double LbfgsEvaluate(Span<float> gradient);

/// <summary>The result of one iteration of <see cref="LbfgsMinimizer"/>.</summary>
/// <param name="Status">Whether the search continues, or why it ended.</param>
/// <param name="Loss">The loss at the resulting parameters.</param>
/// <param name="LargestGradient">The largest magnitude of the gradient's entries there.</param>
/// <param name="StepLength">The step α along the direction; 0 if the parameters didn't change.</param>
/// <param name="StrongWolfe">Whether the step meets both strong Wolfe conditions. At a kink, as with ReLU, it may meet only the
/// first.</param>
/// <param name="Evaluations">The number of times that the loss was computed.</param>
internal readonly record struct LbfgsOutcome(
    LbfgsStatus Status, double Loss, float LargestGradient, double StepLength, bool StrongWolfe, int Evaluations);

/// <summary>The state that <see cref="LbfgsMinimizer"/> keeps from one iteration to the next, for a checkpoint.</summary>
/// <param name="Loss">The loss at the present parameters; NaN before the first iteration.</param>
/// <param name="Gradient">The gradient there; empty before the first iteration.</param>
/// <param name="Steps">The kept differences s of the parameters, oldest first.</param>
/// <param name="GradientChanges">The differences y of the gradients, one for each step.</param>
/// <param name="Rho">1 / yᵀs, one for each step.</param>
internal sealed record LbfgsState(double Loss, float[] Gradient, float[][] Steps, float[][] GradientChanges, double[] Rho);

/// <summary>How one iteration of <see cref="LbfgsMinimizer"/> ended.</summary>
internal enum LbfgsStatus
{
    /// <summary>The parameters have a lower loss; further iterations may lower it more.</summary>
    Advanced,

    /// <summary>No entry of the gradient exceeds the tolerance.</summary>
    Converged,

    /// <summary>
    /// No lower loss was found, not even along the gradient: any further decrease is below the precision of the loss. The parameters are
    /// unchanged.
    /// </summary>
    LineSearchFailed,

    /// <summary>The loss has decreased, but relatively by less than <see cref="LbfgsMinimizer.MinRelativeDecrease"/>.</summary>
    LossIsFlat,

    /// <summary>The loss or the gradient isn't finite at the initial parameters, which are unchanged.</summary>
    NotFinite,
}
