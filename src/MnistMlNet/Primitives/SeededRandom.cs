using System.Numerics;
using System.Runtime.CompilerServices;

namespace MnistMlNet.Primitives;

/// <summary>
/// A small random number generator (xoshiro256**, Blackman and Vigna 2018, arXiv:1805.01407) that gives the same numbers on every machine
/// and version of .NET.
/// </summary>
/// <remarks>
/// A stream is identified by a seed and a purpose, such as the epoch; there is no shared generator whose state is passed on.
/// So the numbers of an epoch depend neither on the numbers drawn before nor on the number of threads.
/// </remarks>
internal struct SeededRandom
{
    /// <summary>The increment of SplitMix64's state for each number.</summary>
    private const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public SeededRandom(int seed, ulong purpose)
    {
        // SplitMix64 makes the states of neighbouring seeds unrelated, as the authors of xoshiro recommend.
        ulong state = (uint)seed + (purpose << 32 | purpose >> 32) * Increment;
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        Step(ref _a, ref _b, ref _c, ref _d);
        return result;
    }

    /// <summary>Advances the state of a generator; xoshiro256** and xoshiro256++ differ only in the output function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        ulong t = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= t;
        d = BitOperations.RotateLeft(d, 45);
    }

    /// <summary>A number within 0 … <paramref name="limit"/> - 1, by multiplication (Lemire 2019); its bias is below 2⁻³².</summary>
    public int NextBelow(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>A float from 0 (included) to 1 (excluded), a multiple of 2⁻²⁴.</summary>
    public float NextSingle() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>The Fisher-Yates shuffle: every permutation is equally likely.</summary>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextBelow(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>
    /// An output of SplitMix64 for a state: neighbouring states give unrelated numbers, and different states give different numbers.
    /// </summary>
    /// <param name="index">The index of the output, from 0.</param>
    public static ulong Mix(ulong state, ulong index = 0)
    {
        state += index * Increment;
        return SplitMix(ref state);
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += Increment;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
