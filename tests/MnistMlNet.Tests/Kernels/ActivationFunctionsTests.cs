using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class ActivationFunctionsTests
{
    /// <summary>
    /// z, then value and derivative of GELU, of its tanh form and of SiLU, by Python's <c>math.erfc</c>, <c>tanh</c> and <c>exp</c>. Φ is
    /// computed in different ways for magnitudes below 1, from 1 to 2 √2, and above; the table has values in all three ranges.
    /// </summary>
    private static readonly double[,] s_frozen =
    {
        { -9, -1.01572957e-18, -9.13893737e-18, 0, 0, -0.00111055118, -0.000987019572 },
        { -5.5, -1.04442594e-07, -5.7334724e-07, -5.92764027e-09, -4.67655282e-08, -0.0223857574, -0.0182245066 },
        { -3, -0.00404969409, -0.0119456472, -0.00363739208, -0.0115841666, -0.14227762, -0.088104106 },
        { -2.828125, -0.00662085563, -0.0183413672, -0.00616012023, -0.0181546291, -0.157874821, -0.0932386115 },
        { -1.5, -0.100210802, -0.127469192, -0.100428423, -0.127710793, -0.273638286, -0.0412941543 },
        { -1.4140625, -0.111246809, -0.12890414, -0.111478399, -0.128989016, -0.27658226, -0.0268903217 },
        { -0.75, -0.169970514, 0.000774278261, -0.170039445, 0.00106174386, -0.240615976, 0.157400056 },
        { -0.0078125, -0.00388190074, 0.493766654, -0.00388190074, 0.493766654, -0.00389099129, 0.49609379 },
        { 0, 0, 0.5, 0, 0.5, 0, 0.5 },
        { 0.5, 0.345731231, 0.867495125, 0.34571401, 0.867369904, 0.311229666, 0.739961187 },
        { 1, 0.841344746, 1.08331547, 0.841191991, 1.08296408, 0.731058579, 0.927670512 },
        { 1.4375, 1.32927352, 1.12879345, 1.32904441, 1.12892016, 1.16159662, 1.03101569 },
        { 2.5, 2.48447584, 1.03761109, 2.48491573, 1.03795158, 2.31035455, 1.09940111 },
        { 2.875, 2.8691921, 1.01637446, 2.86964273, 1.016131, 2.72146543, 1.09193199 },
        { 6, 5.99999999, 1.00000004, 6, 1, 5.98516426, 1.01232643 },
        { 20, 20, 1, 20, 1, 20, 1.00000004 },
    };

    private static readonly Activation[] s_gated = [Activation.Gelu, Activation.GeluTanh, Activation.Silu];

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Every_function_gives_what_its_formula_gives_in_double_precision(string tier)
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach (int length in new[] { 16, 48, 256, 272, 800 })
            {
                float[] z = Array.ConvertAll(SampleNumbers.Floats(new Random(length), length), x => 8 * x);
                double[] expected = Array.ConvertAll(z, x => ActivationFormulas.Value(activation, x));
                var values = new GuardedArray(z);
                var apart = new GuardedArray(new float[length]);

                Tiers.Kernels(tier).Activate(activation, values.Span, apart.Span);
                Tiers.Kernels(tier).Activate(activation, values.Span, values.Span);

                // Results are within ±8 and rounded once. Those of tanh and sigmoid are within ±1 and rounded a few times, and so is the
                // gate of a gated function.
                string context = $"{tier}, {activation}, {length} values";
                Check.Close(expected, values.Span, (s_gated.Contains(activation) ? 16 : 8) * Tiers.Rounding, context);
                Check.SameBits(values.Span, apart.Span, context);
                values.AssertGuardsIntact(context);
                apart.AssertGuardsIntact(context);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Derivatives_of_every_function_are_those_of_calculus(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            for (int length = 0; length <= 160; length += 16)
            {
                var random = new Random(length);
                float[] z = Array.ConvertAll(SampleNumbers.Floats(random, length), x => 4 * x);
                float[] values = ActivationFunctions.NeedsPreActivation(activation)
                    ? z : Array.ConvertAll(z, x => (float)ActivationFormulas.Value(activation, x));
                float[] start = SampleNumbers.Floats(random, length);
                var gradient = new GuardedArray(start);

                kernels.MultiplyByDerivative(activation, values, gradient.Span);

                double[] expected = new double[length];
                for (int i = 0; i < length; i++)
                {
                    // A central difference: its error is a sixth of h² times the third derivative, below 1e-10.
                    expected[i] = start[i]
                        * (ActivationFormulas.Value(activation, z[i] + 1e-5) - ActivationFormulas.Value(activation, z[i] - 1e-5)) / 2e-5;
                }

                // a = f(z) was rounded by 2⁻²⁴, which 1 - a² doubles; then come three more roundings of numbers up to 1. For the gated
                // functions, z · g'(z) has some more.
                string context = $"{tier}, {activation}, {length} values";
                Check.Close(expected, gradient.Span, (s_gated.Contains(activation) ? 10 : 6) * Tiers.Rounding, context);
                gradient.AssertGuardsIntact(context);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Gated_functions_and_their_derivatives_are_those_of_Python(string tier)
    {
        int count = s_frozen.GetLength(0);
        Assert.Equal(0, count % 16);
        float[] z = [.. Enumerable.Range(0, count).Select(i => (float)s_frozen[i, 0])];
        for (int f = 0; f < s_gated.Length; f++)
        {
            float[] activations = new float[count], gradient = [.. Enumerable.Repeat(1f, count)];

            Tiers.Kernels(tier).Activate(s_gated[f], z, activations);
            Tiers.Kernels(tier).MultiplyByDerivative(s_gated[f], z, gradient);

            for (int i = 0; i < count; i++)
            {
                double value = s_frozen[i, 1 + 2 * f], slope = s_frozen[i, 2 + 2 * f];
                Check.Close(value, activations[i], 2e-7 * Math.Max(1, Math.Abs(value)), $"{tier}, {s_gated[f]}({z[i]})");
                Check.Close(slope, gradient[i], 6e-7, $"{tier}, slope of {s_gated[f]} at {z[i]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Gated_functions_of_huge_numbers_are_finite_and_NaN_stays_NaN(string tier)
    {
        float[] z = [1e4f, 1e15f, float.MaxValue, float.PositiveInfinity, -1e4f, -1e15f, float.MinValue, float.NaN, 0, 0, 0, 0, 0, 0, 0, 0];
        foreach (Activation activation in s_gated)
        {
            float[] activations = new float[z.Length], gradient = [.. Enumerable.Repeat(1f, z.Length)];

            Tiers.Kernels(tier).Activate(activation, z, activations);
            Tiers.Kernels(tier).MultiplyByDerivative(activation, z, gradient);

            Assert.Equal(z[..4], activations[..4]);
            Assert.All(activations[4..7], a => Assert.Equal(0, a));
            Assert.True(float.IsNaN(activations[7]), $"{tier}, {activation}");
            Assert.All(gradient[..4], slope => Assert.Equal(1, slope, 1e-20));
            Assert.All(gradient[4..7], slope => Assert.Equal(0, slope, 1e-20));
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void The_gradient_of_Relu_is_zero_at_zero_below_it_and_at_NaN(string tier)
    {
        float[] activations = [0, -0f, -1, float.NaN, float.NegativeInfinity, 1, float.Epsilon, float.PositiveInfinity, 0, 0, 0, 0, 0, 0, 0,
            2];
        float[] gradient = [-1, -2, -3, -4, -5, -6, -7, float.NaN, float.NaN, float.PositiveInfinity, 1, 1, 1, 1, 1, -0f];

        Tiers.Kernels(tier).MultiplyByDerivative(Activation.Relu, activations, gradient);

        Check.SameBits([0, 0, 0, 0, 0, -6, -7, float.NaN, 0, 0, 0, 0, 0, 0, 0, -0f], gradient, tier);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void The_gradient_of_leaky_Relu_at_zero_has_the_slope_below_zero(string tier)
    {
        float[] gradient = [.. Enumerable.Repeat(2f, 16)];

        Tiers.Kernels(tier).MultiplyByDerivative(Activation.LeakyRelu, [0, -0f, 1, .. new float[13]], gradient);

        Check.Close([0.02, 0.02, 2, .. Enumerable.Repeat(0.02, 13)], gradient, 2e-9, tier);
    }

    [Theory]
    [MemberData(nameof(Tiers.Vectors), MemberType = typeof(Tiers))]
    public void Vectors_have_the_bits_of_the_scalar_form_where_nothing_is_fused(string tier)
    {
        // The derivatives that are computed from a contain no sum of products. The gated ones do, and the tests above bound their error.
        var random = new Random(5);
        foreach (Activation activation in Enum.GetValues<Activation>().Except(s_gated))
        {
            float[] activations = SampleNumbers.Floats(random, 784), vector = SampleNumbers.Floats(random, 784), scalar = [.. vector];

            Tiers.Kernels(tier).MultiplyByDerivative(activation, activations, vector);
            Tiers.Kernels("Scalar").MultiplyByDerivative(activation, activations, scalar);

            Check.SameBits(scalar, vector, $"{tier}, {activation}");
        }
    }
}
