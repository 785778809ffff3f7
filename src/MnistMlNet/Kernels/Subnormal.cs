namespace MnistMlNet.Kernels;

/// <summary>Numbers below the smallest normal float, which processors divide and multiply many times slower.</summary>
/// <remarks>
/// A mean of gradients that are 0 from some step on, as behind a dead unit, decays until rounding holds it among them, and every later update would pay for it.
/// They count as 0: next to weights, and to an ε anywhere near the usual 1e-8, they are.
/// </remarks>
internal static class Subnormal
{
    /// <summary>2⁻¹²⁶.</summary>
    public const float SmallestNormal = 1.17549435e-38f;

    /// <summary>0 where <paramref name="value"/> is subnormal; NaN stays.</summary>
    public static float Flush(float value) => MathF.Abs(value) < SmallestNormal ? 0 : value;
}
