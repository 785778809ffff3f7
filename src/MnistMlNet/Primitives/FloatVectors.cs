using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistMlNet.Primitives;

/// <summary>Simple operations on arrays of floats that are fast from the first call.</summary>
/// <remarks>
/// They compute the same bits as the methods of <c>TensorPrimitives</c> with the same names. But those belong to a package of IL: in a new
/// process they run unoptimized until the runtime has compiled them again, which takes longer than the training of a small table.
/// </remarks>
internal static class FloatVectors
{
    private const int Lanes = 8;

    /// <summary>Computes <c>x + y</c>. The destination may be x or y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        ref float a = ref Reference(x, x.Length), b = ref Reference(y, x.Length), d = ref Reference(destination, x.Length);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            (Load(ref a, i) + Load(ref b, i)).StoreUnsafe(ref d, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            destination[i] = x[i] + y[i];
        }
    }

    /// <summary>Computes <c>x - y</c>. The destination may be x or y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        ref float a = ref Reference(x, x.Length), b = ref Reference(y, x.Length), d = ref Reference(destination, x.Length);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            (Load(ref a, i) - Load(ref b, i)).StoreUnsafe(ref d, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            destination[i] = x[i] - y[i];
        }
    }

    /// <summary>Computes <c>x · factor</c>. The destination may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ReadOnlySpan<float> x, float factor, Span<float> destination)
    {
        ref float a = ref Reference(x, x.Length), d = ref Reference(destination, x.Length);
        var factors = Vector256.Create(factor);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            (Load(ref a, i) * factors).StoreUnsafe(ref d, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            destination[i] = x[i] * factor;
        }
    }

    /// <summary>Computes <c>x · factor + y</c>, rounded after each operation. The destination may be x or y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(ReadOnlySpan<float> x, float factor, ReadOnlySpan<float> y, Span<float> destination)
    {
        ref float a = ref Reference(x, x.Length), b = ref Reference(y, x.Length), d = ref Reference(destination, x.Length);
        var factors = Vector256.Create(factor);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            (Load(ref a, i) * factors + Load(ref b, i)).StoreUnsafe(ref d, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            destination[i] = x[i] * factor + y[i];
        }
    }

    /// <summary>Computes the larger of each x and 0; NaN for NaN, and 0 for -0. The destination may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaxZero(ReadOnlySpan<float> x, Span<float> destination)
    {
        ref float a = ref Reference(x, x.Length), d = ref Reference(destination, x.Length);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            Vector256.Max(Load(ref a, i), Vector256<float>.Zero).StoreUnsafe(ref d, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            destination[i] = MathF.Max(x[i], 0);
        }
    }

    /// <summary>Computes the largest <c>|x|</c>; NaN if one is NaN, and 0 if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float MaxMagnitude(ReadOnlySpan<float> x)
    {
        ref float a = ref MemoryMarshal.GetReference(x);
        Vector256<float> largest = Vector256<float>.Zero;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            largest = Vector256.Max(largest, Vector256.Abs(Load(ref a, i)));
        }

        float result = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            result = MathF.Max(result, largest.GetElement(lane));
        }

        for (; i < x.Length; i++)
        {
            result = MathF.Max(result, MathF.Abs(x[i]));
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Reference(ReadOnlySpan<float> values, int length) =>
        ref MemoryMarshal.GetReference(values[..length]);                              // refuses a span that is too short

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ref float values, int place) => Vector256.LoadUnsafe(ref values, (nuint)place);
}
