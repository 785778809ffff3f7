namespace MnistMlNet.Tests.Kernels;

/// <summary>The activation functions by their formulas, in double precision.</summary>
internal static class ActivationFormulas
{
    public static double Value(Activation activation, double z) => activation switch
    {
        Activation.Relu => Math.Max(0, z),
        Activation.LeakyRelu => z > 0 ? z : 0.01 * z,
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-z)),
        Activation.Identity => z,
        Activation.Gelu => z * NormalDistribution(z),
        Activation.GeluTanh => 0.5 * z * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z))),
        Activation.Silu => z / (1 + Math.Exp(-z)),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };

    public static double Slope(Activation activation, double z) => activation switch
    {
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.LeakyRelu => z > 0 ? 1 : 0.01,
        Activation.Tanh => 1 / (Math.Cosh(z) * Math.Cosh(z)),
        Activation.Sigmoid => Math.Exp(-z) / ((1 + Math.Exp(-z)) * (1 + Math.Exp(-z))),
        Activation.Identity => 1,

        // A central difference: its error is a sixth of h² times the third derivative, below 1e-10.
        _ => (Value(activation, z + 1e-5) - Value(activation, z - 1e-5)) / 2e-5,
    };

    /// <summary><c>½ + φ(z) · (z + z³/3 + z⁵/(3·5) + …)</c>: Marsaglia 2004, Journal of Statistical Software 11 (4).</summary>
    private static double NormalDistribution(double z)
    {
        if (Math.Abs(z) > 12)
        {
            return z > 0 ? 1 : 0;
        }

        double sum = z, term = z;
        for (int i = 3; Math.Abs(term) > 1e-20 * Math.Abs(sum); i += 2)
        {
            sum += term *= z * z / i;
        }

        return 0.5 + sum * Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
    }
}
