using MnistMlNet.Optimizers.Lbfgs;

namespace MnistMlNet.Tests.Optimizers.Lbfgs;

public class LbfgsMinimizerTests
{
    [Theory]
    [InlineData(2, 10)]
    [InlineData(2, 1)]
    [InlineData(10, 10)]
    [InlineData(10, 3)]
    public void Rosenbrocks_valley_is_followed_to_its_only_minimum(int dimensions, int historySize)
    {
        (float[] x, List<LbfgsOutcome> outcomes) = LbfgsProblem.Rosenbrock(dimensions).Minimize(historySize: historySize);

        Assert.Equal(LbfgsStatus.Converged, outcomes[^1].Status);
        // the minimum curvature there is 0.4: a gradient of 1e-5 leaves an error of 2.5e-5
        Assert.All(x, value => Assert.Equal(1f, value, 1e-4f));
        Assert.InRange(outcomes.Count, 5, 100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public void A_convex_quadratic_is_solved_as_the_linear_system_says(int dimensions)
    {
        (float[] x, List<LbfgsOutcome> outcomes) = LbfgsProblem.Quadratic(dimensions).Minimize(tolerance: 1e-6f);

        // The smallest eigenvalue, 2 - 2 cos(π/21), is 0.022: a gradient of 1e-6 leaves an error of at most 2e-4 in 20 dimensions.
        Assert.True(outcomes[^1].LargestGradient <= 1e-5f, $"{outcomes[^1]}");
        for (int i = 0; i < dimensions; i++)
        {
            Assert.Equal(0.1f * (i + 1), x[i], 5e-4f);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public void Every_accepted_step_meets_both_Wolfe_conditions(int dimensions)
    {
        LbfgsProblem problem = LbfgsProblem.Rosenbrock(dimensions);
        float[] x = [.. problem.Start], before = new float[dimensions], after = new float[dimensions];
        var minimizer = new LbfgsMinimizer(dimensions);
        for (int i = 0; i < 25; i++)
        {
            float[] from = [.. x];
            double lossBefore = problem.Value(from, before);

            LbfgsOutcome outcome = minimizer.Step(problem.On(x), x);

            if (outcome.Status != LbfgsStatus.Advanced)
            {
                break;
            }

            // Both conditions, with s = x - from = α d in place of α d: c1 = 1e-4, c2 = 0.9.
            double lossAfter = problem.Value(x, after), slopeBefore = 0, slopeAfter = 0;
            for (int k = 0; k < dimensions; k++)
            {
                slopeBefore += (double)before[k] * (x[k] - from[k]);
                slopeAfter += (double)after[k] * (x[k] - from[k]);
            }

            // x is rounded to floats after it has been computed: 1e-3 for s.
            Assert.True(outcome.StrongWolfe);
            Assert.True(slopeBefore < 0);
            Assert.True(lossAfter <= lossBefore + 1e-4 * slopeBefore * (1 - 1e-3),
                $"step {i}: {lossAfter} after {lossBefore}, slope {slopeBefore}");
            Assert.True(Math.Abs(slopeAfter) <= 0.9 * Math.Abs(slopeBefore) * (1 + 1e-3),
                $"step {i}: slope {slopeAfter} after {slopeBefore}");
            Assert.Equal(lossAfter, outcome.Loss);
            Assert.Equal(after.Max(Math.Abs), outcome.LargestGradient);
        }
    }

    [Fact]
    public void Logistic_regression_on_one_binary_feature_gives_the_logits_of_the_counts()
    {
        // x = 0: 3 of 10 rows are of class 1; x = 1: 8 of 10. With a weight and a bias each group has its own logit: b = ln(3/7), w + b =
        // ln(8/2).
        (int Feature, int Label, int Count)[] groups = [(0, 0, 7), (0, 1, 3), (1, 0, 2), (1, 1, 8)];
        var problem = new LbfgsProblem([0f, 0f], (p, g) =>
        {
            double loss = g[0] = g[1] = 0;
            foreach ((int feature, int label, int count) in groups)
            {
                double probability = 1 / (1 + Math.Exp(-(p[0] * feature + p[1])));
                loss -= count / 20.0 * Math.Log(label == 1 ? probability : 1 - probability);
                g[0] += count / 20.0 * (probability - label) * feature;
                g[1] += count / 20.0 * (probability - label);
            }

            return loss;
        });

        (float[] x, List<LbfgsOutcome> outcomes) = problem.Minimize();

        Assert.Equal(LbfgsStatus.Converged, outcomes[^1].Status);
        Assert.Equal(Math.Log(3.0 / 7), x[1], 1e-3);
        Assert.Equal(Math.Log(4) - Math.Log(3.0 / 7), x[0], 1e-3);
    }

    [Fact]
    public void Resuming_from_an_exported_state_gives_the_same_bits()
    {
        LbfgsProblem problem = LbfgsProblem.Rosenbrock(10);
        float[] whole = [.. problem.Start], parts = [.. problem.Start];
        var uninterrupted = new LbfgsMinimizer(10, 4);
        LbfgsState state = new LbfgsMinimizer(10, 4).Export();
        for (int i = 0; i < 12; i++)
        {
            LbfgsOutcome expected = uninterrupted.Step(problem.On(whole), whole);

            // A new minimizer for each iteration, as if each ran in a separate process.
            var resumed = new LbfgsMinimizer(10, 4);
            resumed.Import(state);
            Assert.Equal(expected, resumed.Step(problem.On(parts), parts));
            Check.SameBits(whole, parts, $"iteration {i}");
            state = resumed.Export();
        }

        Assert.Equal(4, state.Rho.Length);
    }

    [Fact]
    public void A_state_of_another_shape_is_refused_with_what_it_has()
    {
        LbfgsProblem problem = LbfgsProblem.Rosenbrock(10);
        float[] x = [.. problem.Start];
        var minimizer = new LbfgsMinimizer(10);
        for (int i = 0; i < 5; i++)
        {
            minimizer.Step(problem.On(x), x);
        }

        LbfgsState state = minimizer.Export();

        Assert.Contains("10 values; the minimizer was made for 12",
            Assert.Throws<ArgumentException>(() => new LbfgsMinimizer(12).Import(state)).Message, StringComparison.Ordinal);
        Assert.Contains("at most 4", Assert.Throws<ArgumentException>(() => new LbfgsMinimizer(10, 4).Import(state)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "9 values; the minimizer was made for 10",
            Assert.Throws<ArgumentException>(() => new LbfgsMinimizer(10).Import(state with { Gradient = new float[9] })).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("parameters", () => new LbfgsMinimizer(9).Step(problem.On(x), x));
    }

    [Fact]
    public void A_step_to_where_the_loss_is_not_finite_is_shortened()
    {
        // -ln x - ln(1 - x) has its minimum at 1/2. From 0.99 a step of length 1 leads below 0, where the logarithm isn't a number.
        int notFinite = 0;
        var problem = new LbfgsProblem([0.99f], (x, g) =>
        {
            g[0] = -1 / x[0] + 1 / (1 - x[0]);
            double loss = -Math.Log(x[0]) - Math.Log(1 - x[0]);
            notFinite += double.IsFinite(loss) ? 0 : 1;
            return loss;
        });

        (float[] result, List<LbfgsOutcome> outcomes) = problem.Minimize();

        Assert.True(notFinite > 0);
        Assert.Equal(LbfgsStatus.Converged, outcomes[^1].Status);
        Assert.Equal(0.5f, result[0], 1e-5f);
    }

    [Fact]
    public void A_start_that_is_not_finite_is_reported_and_the_parameters_stay()
    {
        (float[] x, List<LbfgsOutcome> outcomes) = new LbfgsProblem([-1f], (x, g) =>
        {
            g[0] = 1;
            return Math.Log(x[0]);
        }).Minimize();

        Assert.Equal(LbfgsStatus.NotFinite, Assert.Single(outcomes).Status);
        Assert.Equal([-1f], x);
    }

    [Fact]
    public void If_no_lower_point_is_found_the_parameters_stay_and_are_the_last_to_be_evaluated()
    {
        // The gradient has the wrong sign, so no step along the direction decreases the function.
        float[] last = [];
        float[] x = [3f, -2f];
        var minimizer = new LbfgsMinimizer(2);
        LbfgsOutcome outcome = minimizer.Step(
            gradient =>
            {
                last = [.. x];
                gradient[0] = -x[0];
                gradient[1] = -x[1];
                return 0.5 * (x[0] * x[0] + x[1] * x[1]);
            },
            x);

        Assert.Equal(LbfgsStatus.LineSearchFailed, outcome.Status);
        Assert.Equal(6.5, outcome.Loss);
        Assert.Equal([3f, -2f], x);
        Assert.Equal([3f, -2f], last);
    }

    [Fact]
    public void The_last_evaluation_of_every_iteration_is_at_the_parameters_that_it_leaves()
    {
        // max(-x, 2x): at the kink the derivative jumps from -1 to 2, so that no step meets the curvature condition.
        float[] x = [-1.7f], last = [];
        var minimizer = new LbfgsMinimizer(1);
        var outcomes = new List<LbfgsOutcome>();
        do
        {
            double before = Math.Max(-x[0], 2 * x[0]);
            outcomes.Add(minimizer.Step(
                gradient =>
                {
                    last = [.. x];
                    gradient[0] = x[0] < 0 ? -1 : 2;
                    return Math.Max(-x[0], 2 * x[0]);
                },
                x));
            Assert.Equal(x, last);
            Assert.Equal(Math.Max(-x[0], 2 * x[0]), outcomes[^1].Loss);
            Assert.True(outcomes[^1].Loss < before || outcomes[^1].Status == LbfgsStatus.LineSearchFailed);
        }
        while (outcomes[^1].Status == LbfgsStatus.Advanced && outcomes.Count < 100);

        Assert.Contains(outcomes, outcome => outcome.Status == LbfgsStatus.Advanced && !outcome.StrongWolfe);
        Assert.Equal(LbfgsStatus.LineSearchFailed, outcomes[^1].Status);
        Assert.Equal(0f, x[0], 1e-5f);
    }

    [Fact]
    public void An_evaluation_that_throws_leaves_everything_as_before_the_iteration()
    {
        LbfgsProblem problem = LbfgsProblem.Rosenbrock(2);
        float[] x = [.. problem.Start], undisturbed = [.. problem.Start];
        LbfgsMinimizer minimizer = new(2), other = new(2);
        for (int i = 0; i < 6; i++)
        {
            int calls = 0;
            float[] before = [.. x];
            Assert.Throws<OperationCanceledException>(() => minimizer.Step(
                gradient => ++calls == (i == 0 ? 2 : 1) ? throw new OperationCanceledException() : problem.Value(x, gradient), x));
            Assert.Equal(before, x);

            minimizer.Step(problem.On(x), x);
            other.Step(problem.On(undisturbed), undisturbed);
            Check.SameBits(undisturbed, x, $"iteration {i}");
        }
    }

    [Fact]
    public void At_the_minimum_no_parameter_changes()
    {
        (float[] x, List<LbfgsOutcome> outcomes) = (LbfgsProblem.Rosenbrock(2) with { Start = [1f, 1f] }).Minimize();

        Assert.Equal(new LbfgsOutcome(LbfgsStatus.Converged, 0, 0, 0, StrongWolfe: false, Evaluations: 1), Assert.Single(outcomes));
        Assert.Equal([1f, 1f], x);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void CountBlocks_MoreIterationsThanTheHistoryHolds_IsTheMemoryAllocated(int historySize)
    {
        const int Length = 1_000_000;
        float[] x = new float[Length];
        Array.Fill(x, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var minimizer = new LbfgsMinimizer(Length, historySize);
        for (int i = 0; i < historySize + 2; i++)
        {
            Assert.Equal(LbfgsStatus.Advanced, minimizer.Step(gradient => Curved(x, gradient), x).Status);
        }

        double blocks = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(sizeof(float) * Length);
        Assert.Equal(LbfgsMinimizer.CountBlocks(historySize), blocks, 0.1);
    }

    // A quadratic whose curvature is 1 to 100, so that a few iterations don't reach the minimum.
    private static double Curved(float[] x, Span<float> gradient)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            gradient[i] = (1 + i % 100) * x[i];
            sum += 0.5 * gradient[i] * x[i];
        }

        return sum;
    }
}
