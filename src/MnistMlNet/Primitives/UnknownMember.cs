namespace MnistMlNet.Primitives;

/// <summary>
/// What a switch over an enumeration throws for a member that it doesn't handle, so that a new member never takes another one's way.
/// </summary>
internal static class UnknownMember
{
    public static ArgumentOutOfRangeException Of<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        new(nameof(value), value, $"{typeof(TEnum).Name} {value} isn't handled here.");
}
