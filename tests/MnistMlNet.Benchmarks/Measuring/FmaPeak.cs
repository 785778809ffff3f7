using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>The arithmetic peak of one core: fused multiply-adds on registers only.</summary>
internal static class FmaPeak
{
    private const int Loops = 4_000_000;

    /// <summary>Keeps the compiler from removing the loop.</summary>
    private static float s_sink;

    /// <summary>Runs one round and gives its floating-point operations per second; a multiply-add counts as two.</summary>
    public static double Measure()
    {
        var clock = Stopwatch.StartNew();
        int lanes = Avx512F.IsSupported ? Run512() : Run256();
        return 2.0 * lanes * 10 * Loops / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Ten dependency chains: a multiply-add takes four cycles and two may start in each, so eight would be just enough.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Run512()
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(1e-3f);
        Vector512<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, k = y, l = y;
        for (int i = 0; i < Loops; i++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        s_sink = Vector512.Sum(a + b + c + d + e + f + g + h + k + l);
        return Vector512<float>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Run256()
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(1e-3f);
        Vector256<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, k = y, l = y;
        for (int i = 0; i < Loops; i++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            k = Vector256.FusedMultiplyAdd(k, x, y);
            l = Vector256.FusedMultiplyAdd(l, x, y);
        }

        s_sink = Vector256.Sum(a + b + c + d + e + f + g + h + k + l);
        return Vector256<float>.Count;
    }
}
