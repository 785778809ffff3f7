using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

/// <summary>The losses of one output in double, from their formulas; gradients by central differences.</summary>
internal static class ElementLossFormulas
{
    public static double Loss(ElementLossKind kind, double parameter, double z, double y)
    {
        double error = z - y, size = Math.Abs(error);
        return kind switch
        {
            ElementLossKind.LogLoss => (z > 0 ? z + Math.Log(1 + Math.Exp(-z)) : Math.Log(1 + Math.Exp(z))) - y * z,
            ElementLossKind.Squared => error * error,
            ElementLossKind.Absolute => size,
            ElementLossKind.Huber => size <= parameter ? error * error / 2 : parameter * (size - parameter / 2),
            ElementLossKind.Poisson => Math.Exp(z) - y * z,
            ElementLossKind.Quantile => Math.Max(parameter * (y - z), (parameter - 1) * (y - z)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such loss."),
        };
    }

    public static double Gradient(ElementLossKind kind, double parameter, double z, double y)
    {
        const double Step = 1e-5;                                              // error: h²/6 · f''' + 2⁻⁵³ · f / h, both below 1e-8
        return (Loss(kind, parameter, z + Step, y) - Loss(kind, parameter, z - Step, y)) / (2 * Step);
    }

    /// <summary>A random target of the loss that is far enough from z for central differences.</summary>
    public static float Target(ElementLossKind kind, Random random, float z) => kind switch
    {
        ElementLossKind.LogLoss => random.Next(3) / 2f,                        // no, unknown by halves (label smoothing), yes
        ElementLossKind.Poisson => random.Next(6),
        _ => z + (random.Next(2) == 0 ? -1 : 1) * (0.01f + 3 * random.NextSingle()),
    };

    /// <summary>δ or q for a test; not a round number.</summary>
    public static float Parameter(ElementLossKind kind) => kind switch
    {
        ElementLossKind.Huber => 1.35f,
        ElementLossKind.Quantile => 0.9f,
        _ => 0,
    };
}
