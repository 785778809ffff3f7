using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class ActivationFunctionsTests
{
    [Fact]
    public void Every_function_gives_what_its_formula_gives_in_double_precision()
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach (int length in new[] { 16, 48, 256, 272, 800 })
            {
                float[] z = Array.ConvertAll(SampleNumbers.Floats(new Random(length), length), x => 8 * x);
                var values = new GuardedArray(z);

                ActivationFunctions.Apply(activation, values.Span);

                // Results are within ±8 and rounded once; those of tanh and sigmoid, within ±1, a few times.
                string context = $"{activation}, {length} values";
                Check.Close(Array.ConvertAll(z, x => Function(activation, x)), values.Span, 8 * Tiers.Rounding, context);
                values.AssertGuardsIntact(context);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Slopes_of_every_function_are_those_of_calculus(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            for (int length = 0; length <= 160; length += 16)
            {
                var random = new Random(length);
                double[] z = Array.ConvertAll(SampleNumbers.Floats(random, length), x => 4.0 * x);
                float[] activations = Array.ConvertAll(z, x => (float)Function(activation, x));
                float[] start = SampleNumbers.Floats(random, length);
                var gradient = new GuardedArray(start);

                kernels.MultiplyByDerivative(activation, activations, gradient.Span);

                double[] expected = new double[length];
                for (int i = 0; i < length; i++)
                {
                    // f' by a central difference: its error is below h² |f'''| / 6 < 1e-10.
                    expected[i] = start[i] * (Function(activation, z[i] + 1e-5) - Function(activation, z[i] - 1e-5)) / 2e-5;
                }

                // a = f(z) was rounded by 2⁻²⁴, which 1 - a² doubles; then three more roundings of numbers up to 1.
                string context = $"{tier}, {activation}, {length} values";
                Check.Close(expected, gradient.Span, 6 * Tiers.Rounding, context);
                gradient.AssertGuardsIntact(context);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Relu_lets_nothing_through_at_zero_below_it_and_at_NaN(string tier)
    {
        float[] activations = [0, -0f, -1, float.NaN, float.NegativeInfinity, 1, float.Epsilon, float.PositiveInfinity, 0, 0, 0, 0, 0, 0, 0,
            2];
        float[] gradient = [-1, -2, -3, -4, -5, -6, -7, float.NaN, float.NaN, float.PositiveInfinity, 1, 1, 1, 1, 1, -0f];

        Tiers.Kernels(tier).MultiplyByDerivative(Activation.Relu, activations, gradient);

        Check.SameBits([0, 0, 0, 0, 0, -6, -7, float.NaN, 0, 0, 0, 0, 0, 0, 0, -0f], gradient, tier);
    }

    [Theory]
    [MemberData(nameof(Tiers.Vectors), MemberType = typeof(Tiers))]
    public void Vectors_have_the_bits_of_the_scalar_twin(string tier)
    {
        // Nothing here is a sum of a product, so there is nothing to fuse.
        var random = new Random(5);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            float[] activations = SampleNumbers.Floats(random, 784), vector = SampleNumbers.Floats(random, 784), scalar = [.. vector];

            Tiers.Kernels(tier).MultiplyByDerivative(activation, activations, vector);
            Tiers.Kernels("Scalar").MultiplyByDerivative(activation, activations, scalar);

            Check.SameBits(scalar, vector, $"{tier}, {activation}");
        }
    }

    private static double Function(Activation activation, double z) => activation switch
    {
        Activation.LeakyRelu => z > 0 ? z : 0.01 * z,
        Activation.Relu => Math.Max(0, z),
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-z)),
        _ => z,
    };
}
