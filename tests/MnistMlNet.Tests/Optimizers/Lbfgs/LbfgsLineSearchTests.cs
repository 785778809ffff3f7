using MnistMlNet.Optimizers.Lbfgs;

namespace MnistMlNet.Tests.Optimizers.Lbfgs;

public class LbfgsLineSearchTests
{
    /// <summary>
    /// Functions of Moré and Thuente 1994 (section 5, equations 5.1 to 5.3), which are hard for line searches. The first step is near the
    /// minimum, and far off on both sides.
    /// </summary>
    public static TheoryData<int, double> Hard => new()
    {
        { 1, 1e-3 }, { 1, 0.1 }, { 1, 10 }, { 1, 1e3 },
        { 2, 1e-3 }, { 2, 0.1 }, { 2, 10 }, { 2, 1e3 },
        { 3, 1e-3 }, { 3, 0.1 }, { 3, 10 }, { 3, 1e3 },
    };

    // From φ(0) = 0 with slope -1, still falling at 1. The cubic through both points is -x + x³/48 with its minimum at 4; then one with
    // its minimum at 1.14, below the shortest step, 1 + 1.1; then the line -x, which has none: the longest step, 1 + 4.
    [Theory]
    [InlineData(-47.0 / 48, -15.0 / 16, 4)]
    [InlineData(-2, -0.95, 2.1)]
    [InlineData(-1, -1, 5)]
    public void While_it_falls_the_step_grows_to_the_minimum_of_the_cubic_within_bounds(double loss, double slope, double expected)
    {
        var search = new LbfgsLineSearch(new LinePoint(0, 0, -1), 1);

        search.Update(new LinePoint(1, loss, slope));

        Check.Close(expected, search.Step, 1e-6, "step");
        Assert.False(search.IsDone);
    }

    [Fact]
    public void On_a_falling_line_each_step_advances_four_times_as_far_as_the_one_before()
    {
        var search = new LbfgsLineSearch(new LinePoint(0, 0, -1), 1);
        var steps = new List<double>();
        for (int n = 0; n < 3; n++)
        {
            steps.Add(search.Step);
            search.Update(new LinePoint(search.Step, -search.Step, -1));
        }

        Assert.Equal([1, 5, 21], steps);                                           // 1 + 4 · 1, 5 + 4 · 4
    }

    [Fact]
    public void A_step_that_leaves_most_of_the_bracket_is_followed_by_its_middle()
    {
        // The cubic through (0, 0) with slope -1 and (1, 10) with slope 30: d₁ = -1, d₂ = √31,
        // minimum at 1 - (31 + √31) / (31 + 2 √31).
        var search = new LbfgsLineSearch(new LinePoint(0, 0, -1), 1);
        search.Update(new LinePoint(1, 10, 30));
        double first = 1 - (31 + Math.Sqrt(31)) / (31 + 2 * Math.Sqrt(31));
        Check.Close(first, search.Step, 1e-6, "first step");                       // 0.13: 0.87 of the bracket remains

        search.Update(new LinePoint(search.Step, -0.1, -0.95));

        Check.Close((1 + first) / 2, search.Step, 1e-6, "second step");
    }

    [Theory]
    [MemberData(nameof(Hard))]
    public void Whatever_the_first_step_the_accepted_one_meets_both_conditions(int function, double firstStep)
    {
        Func<double, LinePoint> at = Function(function);
        LbfgsLineSearch search = Run(at, firstStep);

        LinePoint start = at(0), best = search.Best;
        Assert.True(search.StrongWolfe);
        Assert.Equal(at(best.Step), best);
        Assert.True(best.Loss <= start.Loss + 1e-4 * best.Step * start.Slope);
        Assert.True(Math.Abs(best.Slope) <= 0.9 * Math.Abs(start.Slope));
        Assert.InRange(search.Evaluations, 1, 15);
    }

    [Fact]
    public void The_minimum_of_a_parabola_is_the_first_step_within_a_bracket()
    {
        // φ = (α - 1)² from 0: at 3 it is higher than at 0, and the cubic through both points is the parabola itself.
        LbfgsLineSearch search = Run(a => new LinePoint(a, (a - 1) * (a - 1), 2 * (a - 1)), 3);

        Assert.Equal(2, search.Evaluations);
        Assert.Equal(1, search.Best.Step, 1e-6);
    }

    [Fact]
    public void Steps_into_what_is_not_finite_are_halved()
    {
        // -ln(1 - α) - 2α has its minimum at 1/2 and ends at 1. 6, 3 and 1.5 are outside; 0.75 is inside, but too steep, and the fifth
        // point is between.
        LbfgsLineSearch search = Run(a => new LinePoint(a, -Math.Log(1 - a) - 2 * a, 1 / (1 - a) - 2), 6);

        Assert.True(search.StrongWolfe);
        Assert.InRange(search.Best.Step, 0.1, 0.79);
        Assert.Equal(5, search.Evaluations);
    }

    [Fact]
    public void A_function_without_a_lower_bound_ends_at_the_lowest_point_after_all_evaluations()
    {
        LbfgsLineSearch search = Run(a => new LinePoint(a, -a, -1), 1);

        Assert.False(search.StrongWolfe);
        Assert.Equal(LbfgsLineSearch.MaxEvaluations, search.Evaluations);
        Assert.True(search.Best.Step > 1e6);
    }

    [Fact]
    public void If_no_point_is_lower_the_best_is_the_start()
    {
        LbfgsLineSearch search = Run(a => new LinePoint(a, a, -1), 1);         // a derivative that isn't the function's

        Assert.False(search.StrongWolfe);
        Assert.Equal(0, search.Best.Step);
    }

    private static LbfgsLineSearch Run(Func<double, LinePoint> at, double firstStep)
    {
        var search = new LbfgsLineSearch(at(0), firstStep);
        while (!search.IsDone)
        {
            search.Update(at(search.Step));
        }

        return search;
    }

    private static Func<double, LinePoint> Function(int number) => number switch
    {
        // φ(α) = -α / (α² + β), β = 2
        1 => a => new LinePoint(a, -a / (a * a + 2), (a * a - 2) / ((a * a + 2) * (a * a + 2))),

        // φ(α) = (α + β)⁵ - 2 (α + β)⁴, β = 0.1: with their 0.004 the acceptable steps are closer together than floats
        2 => a => new LinePoint(a, Math.Pow(a + 0.1, 5) - 2 * Math.Pow(a + 0.1, 4), 5 * Math.Pow(a + 0.1, 4) - 8 * Math.Pow(a + 0.1, 3)),

        // φ(α) = φ₀(α) + 2 (1 - β) / (l π) · sin(l π α / 2), β = 0.01, l = 39: a parabola with many small waves near its minimum
        _ => a =>
            new LinePoint(a, Foot(a) + 2 * 0.99 / (39 * Math.PI) * Math.Sin(39 * Math.PI / 2 * a), FootSlope(a)
            + 0.99 * Math.Cos(39 * Math.PI / 2 * a)),
    };

    private static double Foot(double a) =>
        a <= 0.99 ? 1 - a : a >= 1.01 ? a - 1 : (a - 1) * (a - 1) / 0.02 + 0.005;

    private static double FootSlope(double a) =>
        a <= 0.99 ? -1 : a >= 1.01 ? 1 : (a - 1) / 0.01;
}
