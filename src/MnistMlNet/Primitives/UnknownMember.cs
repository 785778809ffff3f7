namespace MnistMlNet.Primitives;

/// <summary>
/// The exception of a switch over an enumeration for a member that it doesn't handle, so that a new member is never treated as another one.
/// </summary>
internal static class UnknownMember
{
    public static ArgumentOutOfRangeException Of<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        new(nameof(value), value, $"{typeof(TEnum).Name} {value} isn't handled here.");
}
