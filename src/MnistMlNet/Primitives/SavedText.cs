using System.Buffers;
using System.Text;

namespace MnistMlNet.Primitives;

/// <summary>Which texts our files can hold: those that come back as they were.</summary>
internal static class SavedText
{
    /// <summary>The most bytes of a text in UTF-8.</summary>
    public const int MaxBytes = 1 << 16;

    /// <summary>The text in UTF-8.</summary>
    /// <inheritdoc cref="Check"/>
    public static byte[] Encode(string text, string what)
    {
        Check(text, what);
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Refuses a text that a file can't hold.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="InvalidOperationException">It is too long, or UTF-8 has nothing for a character of it.</exception>
    public static void Check(string text, string what)
    {
        for (int i = 0; i < text.Length;)
        {
            // .NET would write another character in its place, and two texts might become one.
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out _, out int length) != OperationStatus.Done)
            {
                throw new InvalidOperationException(
                    $"{what}, '{Shown.Text(text)}', can't be saved: character {i} is one half of a surrogate pair without the other. "
                        + "Correct the text.");
            }

            i += length;
        }

        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > MaxBytes)
        {
            throw new InvalidOperationException(
                $"{what}, '{Shown.Text(text)}', can't be saved: it has {bytes} bytes in UTF-8; at most {MaxBytes} are possible. "
                    + "Shorten the text.");
        }
    }
}
