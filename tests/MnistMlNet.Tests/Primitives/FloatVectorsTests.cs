using System.Numerics.Tensors;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Primitives;

/// <summary>Every operation gives the bits of the method of <see cref="TensorPrimitives"/> that it replaces.</summary>
public sealed class FloatVectorsTests
{
    private static readonly float[] s_special =
        [0f, -0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue, float.MinValue, 0.1f];

    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 35), 121];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Add_AnyLength_HasTheBitsOfTensorPrimitives(int length) =>
        AssertSame(length, (x, y, d) => TensorPrimitives.Add(x, y, d), (x, y, d) => FloatVectors.Add(x, y, d));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Subtract_AnyLength_HasTheBitsOfTensorPrimitives(int length) =>
        AssertSame(length, (x, y, d) => TensorPrimitives.Subtract(x, y, d), (x, y, d) => FloatVectors.Subtract(x, y, d));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Multiply_AnyLength_HasTheBitsOfTensorPrimitives(int length) =>
        AssertSame(length, (x, _, d) => TensorPrimitives.Multiply(x, 0.3f, d), (x, _, d) => FloatVectors.Multiply(x, 0.3f, d));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Multiply_FactorMinusOne_Negates(int length) =>
        AssertSame(length, (x, _, d) => TensorPrimitives.Negate(x, d), (x, _, d) => FloatVectors.Multiply(x, -1, d));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void MultiplyAdd_AnyLength_HasTheBitsOfTensorPrimitives(int length) => AssertSame(
        length, (x, y, d) => TensorPrimitives.MultiplyAdd(x, 0.3f, y, d), (x, y, d) => FloatVectors.MultiplyAdd(x, 0.3f, y, d));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void MaxZero_AnyLength_HasTheBitsOfTensorPrimitives(int length) =>
        AssertSame(length, (x, _, d) => TensorPrimitives.Max(x, 0f, d), (x, _, d) => FloatVectors.MaxZero(x, d));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void MaxMagnitude_AnyLength_IsTheLargestMagnitude(int length)
    {
        float[] values = [.. Values(length, 5).Select(value => float.IsNaN(value) ? 2 : value)];

        Assert.Equal(values.Select(MathF.Abs).DefaultIfEmpty(0).Max(), FloatVectors.MaxMagnitude(values));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(12)]
    public void MaxMagnitude_OneNaN_IsNaN(int place)
    {
        float[] values = [.. Enumerable.Range(0, 13).Select(i => (float)i)];
        values[place] = float.NaN;

        Assert.True(float.IsNaN(FloatVectors.MaxMagnitude(values)));
    }

    [Fact]
    public void Add_ShortOperandOrDestination_Throws()
    {
        float[] nine = new float[9], eight = new float[8];

        Assert.Throws<ArgumentOutOfRangeException>(() => FloatVectors.Add(nine, eight, nine));
        Assert.Throws<ArgumentOutOfRangeException>(() => FloatVectors.Add(nine, nine, eight));
    }

    private delegate void Operation(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination);

    // Also in place, as the trainer calls them. A NaN is a NaN, whatever its payload.
    private static void AssertSame(int length, Operation expected, Operation actual)
    {
        float[] x = Values(length, 3), y = Values(length, 7), wanted = new float[length], found = new float[length + 3];
        expected(x, y, wanted);
        actual(x, y, found);
        Assert.Equal(Bits(wanted), Bits(found[..length]));
        Assert.Equal([0, 0, 0], found[length..]);

        float[] inPlace = [.. y];
        actual(x, inPlace, inPlace);
        Assert.Equal(Bits(wanted), Bits(inPlace));
    }

    private static float[] Values(int length, int step) =>
        [.. Enumerable.Range(0, length).Select(i => i % 3 == 0 ? s_special[i * step % s_special.Length] : MathF.Sin(i * step) * 100)];

    private static IEnumerable<int> Bits(float[] values) =>
        values.Select(value => float.IsNaN(value) ? -1 : BitConverter.SingleToInt32Bits(value));
}
