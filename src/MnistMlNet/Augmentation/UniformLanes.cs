using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MnistMlNet.Primitives;

namespace MnistMlNet.Augmentations;

/// <summary>
/// Generates many uniform floats with eight parallel generators (xoshiro256++, Blackman and Vigna 2018), each seeded by four numbers of one
/// generator.
/// </summary>
/// <remarks>
/// Each step of a generator gives two floats, from the lower and the upper 32 of its 64 bits. Everything except the last multiplications
/// and the addition is integer arithmetic, and those aren't fused, so the scalar and the vector form are bit-identical on every machine.
/// </remarks>
internal static class UniformLanes
{
    /// <summary>The minimum length for the parallel generators. For shorter spans, seeding eight generators would take longer.</summary>
    internal const int MinLength = 64;

    private const int LaneCount = 8;

    /// <summary>The number of floats of one step of all generators.</summary>
    private const int StepFloats = 2 * LaneCount;

    private const float Unit = 1f / (1 << 24);

    /// <summary>Fills a span with <c>minimum + range · u</c>, u a multiple of 2⁻²⁴ from 0 to 1.</summary>
    public static void Fill(ref SeededRandom random, Span<float> destination, float minimum, float range)
    {
        if (destination.Length < MinLength)
        {
            foreach (ref float value in destination)
            {
                value = minimum + range * random.NextSingle();
            }

            return;
        }

        Span<ulong> state = stackalloc ulong[4 * LaneCount];
        foreach (ref ulong word in state)
        {
            word = random.Next();
        }

        int whole = destination.Length / StepFloats * StepFloats;
        Span<float> rest = stackalloc float[StepFloats];
        if (Vector256.IsHardwareAccelerated)
        {
            Vector(state, destination[..whole], minimum, range);
            Vector(state, rest, minimum, range);
        }
        else
        {
            Scalar(state, destination[..whole], minimum, range);
            Scalar(state, rest, minimum, range);
        }

        rest[..(destination.Length - whole)].CopyTo(destination[whole..]);
    }

    /// <summary>The reference implementation.</summary>
    /// <param name="state">Word w of generator g is at index 8 w + g; updated.</param>
    /// <param name="destination">Its length is a multiple of 16.</param>
    internal static void Scalar(Span<ulong> state, Span<float> destination, float minimum, float range)
    {
        for (int first = 0; first < destination.Length; first += StepFloats)
        {
            for (int g = 0; g < LaneCount; g++)
            {
                ref ulong a = ref state[g], b = ref state[LaneCount + g], c = ref state[2 * LaneCount + g],
                    d = ref state[3 * LaneCount + g];
                ulong bits = BitOperations.RotateLeft(a + d, 23) + a;
                SeededRandom.Step(ref a, ref b, ref c, ref d);
                destination[first + 2 * g] = ((uint)bits >> 8) * Unit * range + minimum;
                destination[first + 2 * g + 1] = (bits >> 40) * Unit * range + minimum;
            }
        }
    }

    /// <summary>The vector form, with four generators in a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Vector(Span<ulong> state, Span<float> destination, float minimum, float range)
    {
        Debug.Assert(state.Length == 4 * LaneCount && destination.Length % StepFloats == 0, "Whole steps only.");
        ref ulong s = ref MemoryMarshal.GetReference(state);
        Vector256<ulong> a0 = Vector256.LoadUnsafe(ref s), a1 = Vector256.LoadUnsafe(ref s, 4);
        Vector256<ulong> b0 = Vector256.LoadUnsafe(ref s, 8), b1 = Vector256.LoadUnsafe(ref s, 12);
        Vector256<ulong> c0 = Vector256.LoadUnsafe(ref s, 16), c1 = Vector256.LoadUnsafe(ref s, 20);
        Vector256<ulong> d0 = Vector256.LoadUnsafe(ref s, 24), d1 = Vector256.LoadUnsafe(ref s, 28);
        Vector256<float> unit = Vector256.Create(Unit), factor = Vector256.Create(range), offset = Vector256.Create(minimum);
        ref float x = ref MemoryMarshal.GetReference(destination);
        for (nint i = 0; i < destination.Length; i += StepFloats)
        {
            Store(RotateLeft(a0 + d0, 23) + a0, unit, factor, offset, ref Unsafe.Add(ref x, i));
            Store(RotateLeft(a1 + d1, 23) + a1, unit, factor, offset, ref Unsafe.Add(ref x, i + LaneCount));
            Vector256<ulong> t0 = b0 << 17, t1 = b1 << 17;
            c0 ^= a0;
            c1 ^= a1;
            d0 ^= b0;
            d1 ^= b1;
            b0 ^= c0;
            b1 ^= c1;
            a0 ^= d0;
            a1 ^= d1;
            c0 ^= t0;
            c1 ^= t1;
            d0 = RotateLeft(d0, 45);
            d1 = RotateLeft(d1, 45);
        }

        a0.StoreUnsafe(ref s);
        a1.StoreUnsafe(ref s, 4);
        b0.StoreUnsafe(ref s, 8);
        b1.StoreUnsafe(ref s, 12);
        c0.StoreUnsafe(ref s, 16);
        c1.StoreUnsafe(ref s, 20);
        d0.StoreUnsafe(ref s, 24);
        d1.StoreUnsafe(ref s, 28);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateLeft(Vector256<ulong> value, int count) => (value << count) | (value >>> (64 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<ulong> bits, Vector256<float> unit, Vector256<float> factor, Vector256<float> offset,
        ref float destination)
    {
        // Little-endian: the lower 32 bits of each generator come first.
        Vector256<float> numbers = Vector256.ConvertToSingle((bits.AsUInt32() >>> 8).AsInt32());
        (numbers * unit * factor + offset).StoreUnsafe(ref destination);
    }
}

/// <summary>Range checks for augmentations, with a common error message.</summary>
internal static class Ranges
{
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="holds"/> is false.</exception>
    public static void Check(bool holds, object value, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value,
                $"{name} is {Convert.ToString(value, CultureInfo.InvariantCulture)}; it must be {range}.");
        }
    }
}
