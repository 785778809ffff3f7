namespace MnistMlNet.Kernels;

/// <summary>The few operations that the kernels need of one vector width, so that each kernel is written once for all widths.</summary>
/// <typeparam name="TVector">The vector type of this width; a struct, so that the JIT specializes every kernel for it.</typeparam>
/// <remarks>
/// The runtime's own vectors have no common public interface (<c>ISimdVector</c> is internal in .NET 10).
/// Only element-wise operations are here: each lane is one hidden unit or one class, so no result depends on the width
/// but by fused rounding (<see cref="MultiplyAdd"/>).
/// </remarks>
internal interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Gets how many floats one vector holds.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(ref float source, nint index);

    static abstract void Store(TVector value, ref float destination, nint index);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>The larger of each pair; where one is NaN the result is unspecified.</summary>
    static abstract TVector Max(TVector left, TVector right);

    static abstract TVector SquareRoot(TVector value);

    /// <summary>Computes <c>value · 2ⁿ</c>.</summary>
    /// <param name="exponent">A float whose lowest 9 bits are n, an integer from -126 to 127, in two's complement.</param>
    static abstract TVector ScaleB(TVector value, TVector exponent);

    /// <summary>Computes <c>left · right + addend</c>, fused (one rounding) where the hardware does so.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>
    /// Keeps <paramref name="value"/> in the lanes where <paramref name="condition"/> is above 0, and puts 0 into the others.
    /// </summary>
    static abstract TVector WherePositive(TVector condition, TVector value);

    /// <summary>
    /// Takes <paramref name="value"/> in the lanes where <paramref name="condition"/> is above 0, and <paramref name="otherwise"/> in the
    /// others.
    /// </summary>
    static abstract TVector WherePositive(TVector condition, TVector value, TVector otherwise);

    /// <summary>Puts 0 into the lanes whose magnitude is below the smallest normal float, 2⁻¹²⁶; NaN stays.</summary>
    static abstract TVector FlushSubnormal(TVector value);

    /// <summary>One bit per lane, set where the lane is neither 0 nor -0.</summary>
    static abstract ulong NonZeroMask(TVector value);
}
