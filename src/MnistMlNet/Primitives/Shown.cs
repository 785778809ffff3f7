using System.Globalization;
using System.Text;

namespace MnistMlNet.Primitives;

/// <summary>Text from a file or a user as messages show it: limited in length, and on one line.</summary>
internal static class Shown
{
    /// <summary>The number of characters after which a name or value is truncated.</summary>
    public const int MaxTextLength = 200;

    /// <summary>The number of items after which a list is truncated.</summary>
    public const int MaxListCount = 20;

    /// <summary>The number of characters after which a path, or a text that may contain one, is truncated: Linux's longest path.</summary>
    public const int MaxLongLength = 4096;

    /// <summary>A name or a value.</summary>
    public static string Text(string text) => Cut(text, MaxTextLength);

    /// <summary>A path, or the message of another library, which may contain one.</summary>
    public static string Long(string text) => Cut(text, MaxLongLength);

    /// <summary>Names, separated by commas.</summary>
    public static string List(IEnumerable<string> texts)
    {
        string[] first = [.. texts.Take(MaxListCount + 1)];
        string list = string.Join(", ", first.Take(MaxListCount).Select(Text));
        return first.Length > MaxListCount ? list + ", …" : list;
    }

    private static string Cut(string text, int length)
    {
        bool isCut = text.Length > length;
        ReadOnlySpan<char> shown = isCut ? text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length) : text;
        var result = new StringBuilder(shown.Length);
        for (int i = 0; i < shown.Length; i++)
        {
            char c = shown[i];
            if (i + 1 < shown.Length && char.IsSurrogatePair(c, shown[i + 1]))
            {
                result.Append(shown.Slice(i++, 2));
            }

            // One line of a log must not look like two, and an unpaired surrogate can't be displayed.
            else if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029')
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                result.Append(c);
            }
        }

        return isCut ? result.Append('…').ToString() : result.ToString();
    }
}
