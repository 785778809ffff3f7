using MnistMlNet.Configuration;
using MnistMlNet.Optimizers.Lbfgs;

namespace MnistMlNet.Tests.Optimizers.Lbfgs;

/// <summary>A function to minimize, with its gradient, in double; the parameters are floats, as the minimizer has them.</summary>
/// <param name="Start">The starting point.</param>
/// <param name="Function">Gives the value at x and overwrites the gradient.</param>
internal sealed record LbfgsProblem(float[] Start, Func<double[], double[], double> Function)
{
    /// <summary>
    /// Rosenbrock's valley in each pair of coordinates (Moré, Garbow and Hillstrom 1981, problem 21): the only minimum is 0, at (1, …, 1).
    /// </summary>
    public static LbfgsProblem Rosenbrock(int dimensions) => new(
        [.. Enumerable.Range(0, dimensions).Select(i => i % 2 == 0 ? -1.2f : 1f)],
        (x, g) =>
        {
            double sum = 0;
            for (int i = 0; i < x.Length; i += 2)
            {
                double across = x[i + 1] - x[i] * x[i], along = 1 - x[i];
                sum += 100 * across * across + along * along;
                g[i] = -400 * x[i] * across - 2 * along;
                g[i + 1] = 200 * across;
            }

            return sum;
        });

    /// <summary>
    /// <c>½ xᵀA x - bᵀx</c> with A the second difference (2 on the diagonal, -1 beside it) and b = A x*, so that the minimum is at x* =
    /// (0.1, 0.2, …).
    /// </summary>
    public static LbfgsProblem Quadratic(int dimensions)
    {
        double[] solution = [.. Enumerable.Range(1, dimensions).Select(i => 0.1 * i)];
        double[] b = Multiply(solution);
        return new LbfgsProblem(new float[dimensions], (x, g) =>
        {
            double[] ax = Multiply(x);
            double sum = 0;
            for (int i = 0; i < x.Length; i++)
            {
                g[i] = ax[i] - b[i];
                sum += x[i] * (0.5 * ax[i] - b[i]);
            }

            return sum;
        });
    }

    public double Value(ReadOnlySpan<float> x, Span<float> gradient)
    {
        double[] at = Array.ConvertAll(x.ToArray(), value => (double)value), result = new double[x.Length];
        double loss = Function(at, result);
        for (int i = 0; i < result.Length; i++)
        {
            gradient[i] = (float)result[i];
        }

        return loss;
    }

    /// <summary>The function as the minimizer calls it, on an array that the minimizer changes.</summary>
    public LbfgsEvaluate On(float[] parameters) => gradient => Value(parameters, gradient);

    /// <summary>Iterates until the minimizer stops, or <paramref name="limit"/> times.</summary>
    public (float[] X, List<LbfgsOutcome> Outcomes) Minimize(int limit = 200, int historySize = DefaultRules.LbfgsHistorySize,
        float tolerance = 1e-5f)
    {
        float[] x = [.. Start];
        var minimizer = new LbfgsMinimizer(x.Length, historySize) { GradientTolerance = tolerance };
        var outcomes = new List<LbfgsOutcome>();
        do
        {
            outcomes.Add(minimizer.Step(On(x), x));
        }
        while (outcomes[^1].Status == LbfgsStatus.Advanced && outcomes.Count < limit);
        return (x, outcomes);
    }

    private static double[] Multiply(double[] x) =>
        [.. x.Select((value, i) => 2 * value - (i > 0 ? x[i - 1] : 0) - (i + 1 < x.Length ? x[i + 1] : 0))];
}
