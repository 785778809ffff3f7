using System.Buffers;
using System.Text;

namespace MnistMlNet.Primitives;

/// <summary>Checks that a text can be saved in our files so that reading it back gives the same text.</summary>
internal static class SavedText
{
    /// <summary>The largest number of UTF-8 bytes of a text.</summary>
    public const int MaxBytes = 1 << 16;

    /// <summary>The text in UTF-8.</summary>
    /// <inheritdoc cref="Check"/>
    public static byte[] Encode(string text, string what)
    {
        Check(text, what);
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Throws if a text can't be saved.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">The name of the text, for the message.</param>
    /// <exception cref="InvalidOperationException">The text is too long, or has a character that UTF-8 can't encode.</exception>
    public static void Check(string text, string what)
    {
        for (int i = 0; i < text.Length;)
        {
            // .NET would write a replacement character instead, and two different texts could become the same.
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
